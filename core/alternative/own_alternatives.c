/* SPDX-License-Identifier: GPL-2.0-only */
/* The alternatives of this image, see own_alternatives.h. */
#include "alternative/own_alternatives.h"
#include "alternative/alternative_site.h"
#include "machine/environment.h"
#include "lib/mem.h"

/* Placed by the linker script, [begin, end). */
extern const struct alternative_record __start_altinstructions[];
extern const struct alternative_record __stop_altinstructions[];
extern const uint8_t __start_altinstr_replacement[];
extern const uint8_t __stop_altinstr_replacement[];

static bool has(void *ctx, unsigned feature)
{
	const struct own_machine *m = ctx;

	switch (feature) {
	case ALT_FEATURE_always:
		return true;
	case ALT_FEATURE_guest:
		return m->guest;
	}
	return has_feature(m->cpu, feature);
}

static bool pointer(void *ctx, uint64_t addr, uint64_t *value)
{
	(void)ctx;
	*value = *(const uintptr_t *)(uintptr_t)addr;
	return true;
}

struct alternative_where own_alternatives_where(const struct text_where *own,
						struct own_alternatives *to,
						struct own_machine machine,
						const struct nop_table *nops)
{
	const struct alternative_record *r = __start_altinstructions;
	size_t count = (size_t)(__stop_altinstructions - r);

	if (count > OWN_ALTERNATIVES)
		count = 0;
	for (size_t i = 0; i < count; i++)
		to->entry[i] = alternative_read(&r[i], (uintptr_t)&r[i]);
	to->machine = machine;
	to->how = (struct alternatives_how){
		.span = TEXT_ALL,
		.rules = { .has = has, .pointer = pointer, .ctx = &to->machine,
			   .nops = nops },
	};
	return (struct alternative_where){
		.isa = own->isa, .addr = own->addr, .bytes = own->bytes,
		.len = own->len,
		.replacement_addr = (uintptr_t)__start_altinstr_replacement,
		.replacement = __start_altinstr_replacement,
		.replacement_len = (size_t)(__stop_altinstr_replacement
					    - __start_altinstr_replacement),
		.entry = to->entry, .count = count, .features = ALT_FEATURE_COUNT,
	};
}

struct own_alternatives_found
own_alternatives_found(const struct alternatives_counts *c)
{
	unsigned sites = c->sites - c->text.sites;

	return (struct own_alternatives_found){
		.sites = sites, .applied = sites - c->alternative[ALTERNATIVE_BUILT],
		.direct = c->alternative[ALTERNATIVE_CALL],
	};
}
