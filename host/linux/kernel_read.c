/* SPDX-License-Identifier: GPL-2.0-only */
/* Every record of an image, see kernel_read.h. */
#include <stdlib.h>
#include <string.h>
#include "alternatives.h"
#include "check.h"
#include "kernel_code.h"
#include "kernel_read.h"
#include "lib/bytes.h"
#include "ops.h"
#include "paras.h"

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
				+ get_s32(p + 1);
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
		return refuse(r, "not a kernel with sites to patch: neither "
				 ".parainstructions nor .altinstructions holds records");
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
