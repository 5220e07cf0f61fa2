/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fuzz target: a kernel image, read and patched in memory.
 *
 * Whatever the bytes are: nothing is read or written out of bounds; what is refused is
 * refused with a reason and leaves every byte as it was; of what is not, every site and
 * every replacement is whole instructions; what is patched has changed at its sites and
 * nowhere else, and every site is counted once; a name is one op's.
 */
#include <stdlib.h>
#include <string.h>
#include "patch/insn.h"
#include "../linux/apply.h"
#include "../linux/cpu_features.h"
#include "../linux/kernel_read.h"
#include "../linux/linux_nops.h"
#include "../linux/ops.h"
#include "../linux/result.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Small, so that a payload that unpacks to much more is tried too. */
#define UNPACKED_MAX	((size_t)4 << 20)

static void must(bool good)
{
	if (!good)
		abort();
}

static void must_say_why(const struct refusal *r)
{
	must(r->why[0] && !strpbrk(r->why, "\r\n"));
}

static void must_be_whole(const struct image *im, uint64_t addr, unsigned len)
{
	const uint8_t *p = image_bytes(im, addr, len);
	struct insn in;

	must(p);
	for (unsigned at = 0; at < len; at += in.len)
		must(insn_decode(&in, im->isa, p + at, len - at));
}

/* A kernel that was read holds no record that cannot be used. */
static void check_records(const struct kernel *k)
{
	for (size_t i = 0; i < k->alt_count; i++) {
		const struct alt *a = &k->alts[i];

		must_be_whole(k->im, a->site, a->len);
		must_be_whole(k->im, a->replacement, a->replacement_len);
	}
	for (size_t i = 0; i < k->para_count; i++)
		must_be_whole(k->im, k->paras[i].addr, k->paras[i].len);
}

/* Is this byte of the file one of a site? */
static bool is_site_byte(const struct kernel *k, const struct applied *a, size_t at)
{
	for (size_t i = 0; i < k->para_count; i++) {
		const struct para *p = &k->paras[i];
		size_t begin = (size_t)(p->in->bytes - k->im->bytes)
			+ (size_t)(p->addr - p->in->addr);

		if (at - begin < p->len)
			return true;
	}
	for (size_t i = 0; i < a->alt_count; i++) {
		const struct alt_site *s = &a->alts[i];
		size_t begin = (size_t)(image_bytes(k->im, s->addr, s->len)
					- k->im->bytes);

		if (!s->unknown && at - begin < s->len)
			return true;
	}
	return false;
}

static void check_patched(const struct kernel *k, const struct applied *a,
			  const uint8_t *before)
{
	const struct patching *c = &a->counts;
	size_t sum = 0;

	for (unsigned i = 0; i < PATCHED_COUNT; i++)
		sum += c->paras.outcome[i];
	must(sum == k->para_count && c->paras.sites == k->para_count);
	must(c->alt_chosen + c->alt_as_built + c->alt_unknown == a->alt_count);
	for (size_t i = 0; i < k->im->len; i++)
		must(k->im->bytes[i] == before[i] || is_site_byte(k, a, i));
}

/* With every site. */
static void say(struct result *r)
{
	static FILE *to;

	if (!to)
		to = fopen("/dev/null", "w");
	print_text(r, to);
}

static void patch(const struct kernel *k, const uint8_t *before, bool features)
{
	struct features f;
	struct applied a;
	struct refusal r;
	struct comparison c;
	const struct dump d = { before, k->im->len, k->im->sections[0].addr };
	struct result result = {
		.file = "fuzz", .k = k, .sites = true, .features = &f,
		.applied = &a, .nops = linux_nops(k, false), .comparison = &c,
	};

	features_find(k, &f);
	f.known = features;
	memcpy(f.bits, before, k->im->len < sizeof(f.bits) ? k->im->len : sizeof(f.bits));
	if (!kernel_apply(k, &f, result.nops, &a, &r)) {
		must_say_why(&r);
		must(!memcmp(k->im->bytes, before, k->im->len));
		return;
	}
	check_patched(k, &a, before);
	must(compare(k, &a, result.nops, &d, before, &c));
	say(&result);
	comparison_free(&c);
	applied_free(&a);
	memcpy(k->im->bytes, before, k->im->len);
}

/* A name is one slot's, and one of what the slot can be. */
static void check_names(const struct kernel *k)
{
	bool taken[MEMBER_COUNT + 1] = { 0 };

	for (unsigned op = 0; op < k->ops && !k->listed; op++) {
		const struct op_naming *n = &k->names[op];

		if (!op_name(k, op))
			continue;
		must(n->slot && n->possible[n->is] && !taken[n->is]);
		taken[n->is] = true;
	}
}

static void patch_both(struct image *im)
{
	const struct forced none = { -1, -1 };
	uint8_t *before = malloc(im->len);
	struct kernel k;
	struct refusal r;

	must(before);
	memcpy(before, im->bytes, im->len);
	if (kernel_read(&k, im, &none, &r)) {
		check_records(&k);
		check_names(&k);
		patch(&k, before, false);
		patch(&k, before, true);
		kernel_free(&k);
	} else {
		must_say_why(&r);
	}
	must(!memcmp(im->bytes, before, im->len));
	free(before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct image im;
	struct refusal r;

	if (!image_open(&im, data, size, UNPACKED_MAX, &r)) {
		must_say_why(&r);
		return 0;
	}
	patch_both(&im);
	image_close(&im);
	return 0;
}
