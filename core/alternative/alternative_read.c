/* SPDX-License-Identifier: GPL-2.0-only */
/* Records of the layout that alternative_site.h emits, as entries. */
#include "alternative/alternative_site.h"

struct alternative alternative_read(const struct alternative_record *r,
				    uint64_t addr)
{
	uint64_t replacement = addr + offsetof(struct alternative_record, replacement);

	return (struct alternative){
		.addr = addr + (uint64_t)(int64_t)r->site,
		.replacement = replacement + (uint64_t)(int64_t)r->replacement,
		.feature = r->feature, .len = r->len,
		.replacement_len = r->replacement_len,
		.flags = r->zero || r->flags > 0xff ? 0xff : (uint8_t)r->flags,
	};
}
