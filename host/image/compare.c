/* SPDX-License-Identifier: GPL-2.0-only */
/* A patched image held against a booted kernel's memory, see compare.h. */
#include <stdlib.h>
#include <string.h>
#include "alternative.h"
#include "compare.h"

const char *const class_names[CLASS_COUNT] = {
#define CLASS(name, what) #name,
	CLASSES(CLASS)
#undef CLASS
};

const char *const class_what[CLASS_COUNT] = {
#define CLASS(name, what) what,
	CLASSES(CLASS)
#undef CLASS
};

const uint8_t *dump_bytes(const struct dump *d, uint64_t addr, uint64_t len)
{
	return addr >= d->addr && len <= d->len && addr - d->addr <= d->len - len
		? d->bytes + (addr - d->addr) : NULL;
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

static bool called_otherwise(const struct kernel *k, const struct para *p,
			     const struct nop_table *nops, const struct dump *d,
			     const uint8_t *got)
{
	unsigned word = image_word(k->im);
	const uint8_t *slot = dump_bytes(d, p->slot, word);
	uint8_t want[SITE_LEN_MAX];

	if (!slot || get_le(slot, word) == kernel_pointer(k, p->op))
		return false;
	return para_form(k, p, get_le(slot, word), nops, want) == p->len
		&& !memcmp(want, got, p->len);
}

/* Lists, as offsets from themselves, of instructions that other mechanisms rewrite, and
 * what they make of them.  Source: Linux, arch/x86/kernel/alternative.c,
 * patch_return(), alternatives_smp_unlock(). */
static const struct rewriter {
	const char *section;
	unsigned len;
	const uint8_t *becomes;
} rewriters[] = {
	/* RET, for JMP rel32 of the return thunk. */
	{ ".return_sites", 5, (const uint8_t[]){ 0xc3, 0xcc, 0xcc, 0xcc, 0xcc } },
	/* A DS prefix for LOCK, where there is one CPU. */
	{ ".smp_locks", 1, (const uint8_t[]){ 0x3e } },
};

/* Where in [addr, addr + len) the @i-th entry of a list is; @len: elsewhere. */
static uint64_t entry_in(const struct section *s, size_t i, uint64_t addr,
			 unsigned len)
{
	uint64_t at = s->addr + i + (uint64_t)(int64_t)(int32_t)get_le(s->bytes + i, 4);

	return at - addr < len ? at - addr : len;
}

/* Does that mechanism account for bytes of the site?  Those become what is there. */
static void rewrite(const struct kernel *k, const struct rewriter *w, uint64_t addr,
		    unsigned len, uint8_t *want, const uint8_t *got)
{
	const struct section *s = image_section(k->im, w->section);

	for (size_t i = 0; s && s->bytes && i + 4 <= s->len; i += 4) {
		uint64_t at = entry_in(s, i, addr, len);

		if (at + w->len <= len && !memcmp(got + at, w->becomes, w->len))
			memcpy(want + at, got + at, w->len);
	}
}

static bool rewritten(const struct kernel *k, uint64_t addr, unsigned len,
		      const uint8_t *got)
{
	uint8_t want[SITE_LEN_MAX];

	memcpy(want, image_bytes(k->im, addr, len), len);
	for (size_t i = 0; i < sizeof(rewriters) / sizeof(rewriters[0]); i++)
		rewrite(k, &rewriters[i], addr, len, want, got);
	return !memcmp(want, got, len);
}

/* The dump's own replacement, copied. */
static bool other_replacement(const struct kernel *k, const struct alt_site *s,
			      const struct nop_table *nops, const struct dump *d,
			      const uint8_t *got)
{
	const struct alt *a = s->chosen >= 0 ? &k->alts[s->chosen] : NULL;
	const uint8_t *bytes = a ? dump_bytes(d, a->replacement,
					      a->replacement_len) : NULL;
	struct alt_site other;

	if (!bytes || !memcmp(bytes, image_bytes(k->im, a->replacement,
						  a->replacement_len),
			      a->replacement_len))
		return false;
	other = *s;
	return !replacement_decide(k, a, bytes, nops, &other)
		&& !memcmp(other.bytes, got, s->len);
}

static enum class class_of_para(const struct kernel *k, const struct para *p,
				const struct nop_table *nops, const struct dump *d)
{
	const uint8_t *want = image_bytes(k->im, p->addr, p->len);
	const uint8_t *got = dump_bytes(d, p->addr, p->len);

	if (!got)
		return CLASS_not_in_dump;
	if (!memcmp(want, got, p->len))
		return CLASS_same;
	if (called_otherwise(k, p, nops, d, got))
		return CLASS_table;
	return rewritten(k, p->addr, p->len, got) ? CLASS_rewritten
		: CLASS_unexplained;
}

static enum class class_of_alt(const struct kernel *k, const struct alt_site *s,
			       const struct nop_table *nops, const struct dump *d)
{
	const uint8_t *want = image_bytes(k->im, s->addr, s->len);
	const uint8_t *got = dump_bytes(d, s->addr, s->len);
	const struct para *p = para_at(k, s->addr);

	if (!got)
		return CLASS_not_in_dump;
	if (!memcmp(want, got, s->len))
		return CLASS_same;
	if (s->unknown)
		return CLASS_not_decided;
	if (p && s->chosen < 0 && called_otherwise(k, p, nops, d, got))
		return CLASS_table;
	if (other_replacement(k, s, nops, d, got))
		return CLASS_replacement;
	return rewritten(k, s->addr, s->len, got) ? CLASS_rewritten
		: CLASS_unexplained;
}

bool compare(const struct kernel *k, const struct applied *a,
	     const struct nop_table *nops, const struct dump *d,
	     struct comparison *c)
{
	*c = (struct comparison){
		.para = calloc(k->para_count + 1, sizeof(*c->para)),
		.alt = calloc(a->alt_count + 1, sizeof(*c->alt)),
	};
	if (!c->para || !c->alt)
		return false;
	for (size_t i = 0; i < k->para_count; i++)
		c->paras[c->para[i] = class_of_para(k, &k->paras[i], nops, d)]++;
	for (size_t i = 0; i < a->alt_count; i++)
		c->alts[c->alt[i] = class_of_alt(k, &a->alts[i], nops, d)]++;
	return true;
}

void comparison_free(struct comparison *c)
{
	free(c->para);
	free(c->alt);
}
