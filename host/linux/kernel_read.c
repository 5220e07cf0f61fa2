/* SPDX-License-Identifier: GPL-2.0-only */
/* What a kernel image says about its own patching, see kernel.h. */
#include <stdlib.h>
#include <string.h>
#include "ops.h"

uint64_t kernel_pointer(const struct kernel *k, unsigned op)
{
	unsigned word = image_word(k->im);
	const uint8_t *p = op < KERNEL_SLOTS && k->slots[op]
		? image_bytes(k->im, k->slots[op], word) : NULL;

	return p ? get_le(p, word) : 0;
}

/* Behind the ENDBR that a function may begin with.  Source: Intel SDM Vol. 2A,
 * "ENDBR64--Terminate an Indirect Branch in 64-bit Mode". */
uint64_t function_entry(const struct kernel *k, uint64_t addr)
{
	const uint8_t *p = image_bytes(k->im, addr, ENDBR_LEN);

	return p && p[0] == 0xf3 && p[1] == 0x0f && p[2] == 0x1e
		&& (p[3] == 0xfa || p[3] == 0xfb) ? addr + ENDBR_LEN : addr;
}

/* Is the address one of .return_sites, the jumps to the return thunk?  Their records
 * are offsets from themselves. */
static bool is_return_site(const struct kernel *k, uint64_t addr)
{
	const struct section *s = image_section(k->im, ".return_sites");

	for (size_t i = 0; s && s->bytes && i + 4 <= s->len; i += 4)
		if (s->addr + i + (uint64_t)(int64_t)(int32_t)get_le(s->bytes + i, 4)
		    == addr)
			return true;
	return false;
}

bool returns(const struct kernel *k, uint64_t addr)
{
	const uint8_t *p = image_bytes(k->im, addr, 1);

	return p && (p[0] == 0xc3 || (p[0] == 0xe9 && is_return_site(k, addr)));
}

bool returns_at_once(const struct kernel *k, uint64_t addr)
{
	return addr && returns(k, function_entry(k, addr));
}

bool returns_argument(const struct kernel *k, uint64_t addr)
{
	uint64_t at = function_entry(k, addr);
	const uint8_t *p = image_bytes(k->im, at, 3);

	return p && k->im->isa == ISA_X86_64 && !memcmp(p, "\x48\x89\xf8", 3)
		&& returns(k, at + 3);
}

/* Of the functions that return at once, the one that most slots name: a kernel has one
 * for all ops that do nothing, and compares with its address. */
static uint64_t find_nop(const struct kernel *k)
{
	uint64_t pointer[256], nop = 0;
	unsigned most = 0;

	for (unsigned i = 0; i < k->ops; i++)
		pointer[i] = kernel_pointer(k, i);
	for (unsigned i = 0; i < k->ops; i++) {
		unsigned n = 0;

		for (unsigned o = 0; o < k->ops; o++)
			n += pointer[o] == pointer[i];
		if (n > most && returns_at_once(k, pointer[i])) {
			most = n;
			nop = pointer[i];
		}
	}
	return nop;
}

/* What the direct calls' replacements call: the kernel's answer to an empty slot. */
static uint64_t find_bug(const struct kernel *k)
{
	for (size_t i = 0; i < k->alt_count; i++) {
		const struct alt *a = &k->alts[i];
		const uint8_t *p = image_bytes(k->im, a->replacement, CALL_LEN);

		if (a->direct_call && p && p[0] == 0xe8)
			return a->replacement + CALL_LEN
				+ (uint64_t)(int64_t)(int32_t)get_le(p + 1, 4);
	}
	return 0;
}

/* The forms went from the backends' tables to alternatives at the same sites, and
 * then the calls themselves became alternatives. */
static enum rule rule_of(const struct kernel *k)
{
	if (k->section && !strcmp(k->section, ".altinstructions"))
		return RULE_DIRECT_CALL;
	return k->at_paras ? RULE_POINTER : RULE_TABLE;
}

static bool read_records(struct kernel *k, const struct forced *f,
			 struct refusal *r)
{
	if (!alternatives_read(k, f, r) || !paras_read(k, r))
		return false;
	if (!k->para_count && !k->alt_count)
		return refuse(r, "not a kernel with sites to patch: neither .parainstructions nor .altinstructions holds records");
	return true;
}

bool kernel_read(struct kernel *k, struct image *im, const struct forced *f,
		 struct refusal *r)
{
	*k = (struct kernel){ .im = im };
	if (!read_records(k, f, r) || !alternatives_check(k, r)) {
		kernel_free(k);
		return false;
	}
	k->rule = f->rule >= 0 ? (enum rule)f->rule : rule_of(k);
	k->nop = find_nop(k);
	k->bug = find_bug(k);
	if (ops_name(k))
		return true;
	kernel_free(k);
	return refuse(r, "no memory for the names of ops");
}

void kernel_free(struct kernel *k)
{
	free(k->paras);
	free(k->by_addr);
	free(k->alts);
	free(k->names);
	k->paras = NULL;
	k->by_addr = NULL;
	k->alts = NULL;
	k->names = NULL;
}
