/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a kernel keeps the features of its CPU, see cpu_features.h. */
#include <string.h>
#include "cpu_features.h"
#include "lib/bytes.h"

/* TEST [disp32], imm8: of the byte that holds the feature's bit. */
static bool tested_byte(const struct kernel *k, uint64_t addr, uint64_t *byte,
			uint8_t *mask)
{
	const uint8_t *p = image_bytes(k->im, addr, 7);
	int32_t d;

	if (!p || p[0] != 0xf6 || p[1] != 0x05)
		return false;
	d = (int32_t)get_le(p + 2, 4);
	*byte = k->im->isa == ISA_X86_64 ? addr + 7 + (uint64_t)(int64_t)d : (uint32_t)d;
	*mask = p[6];
	return true;
}

/* Where an alternative says that features begin; 0: it says nothing. */
static uint64_t witness(const struct kernel *k, const struct section *aux,
			const struct alt *a)
{
	const uint8_t *p = image_bytes(k->im, a->site, CALL_LEN);
	uint64_t to, byte;
	uint8_t mask;

	if (!p || p[0] != 0xe9 || a->feature == FEATURE_ALWAYS)
		return 0;
	to = a->site + CALL_LEN + get_s32(p + 1);
	if (k->im->isa == ISA_IA32)
		to = (uint32_t)to;
	if (to < aux->addr || to - aux->addr >= aux->len
	    || !tested_byte(k, to, &byte, &mask) || mask != 1 << a->feature % 8)
		return 0;
	return byte - a->feature / 8;
}

bool features_find(const struct kernel *k, struct features *f)
{
	const struct section *aux = image_section(k->im, ".altinstr_aux");

	*f = (struct features){ 0 };
	for (size_t i = 0; aux && i < k->alt_count; i++) {
		uint64_t at = witness(k, aux, &k->alts[i]);

		if (at && f->address && at != f->address)
			return false;
		f->address = at ? at : f->address;
		f->witnesses += at != 0;
	}
	return f->address;
}

bool features_read(const struct dump *d, struct features *f)
{
	const uint8_t *p = f->address
		? dump_bytes(d, f->address, sizeof(f->bits)) : NULL;

	if (p)
		memcpy(f->bits, p, sizeof(f->bits));
	f->known = p;
	return p;
}
