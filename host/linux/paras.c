/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading the paravirt sites: records, what the sites call, the ops table. */
#include <stdlib.h>
#include <string.h>
#include "lib/bytes.h"
#include "paras.h"
#include "patch/insn.h"

static const char para_section[] = ".parainstructions";
static const char alt_section[] = ".altinstructions";

/* A call or a jump through an address in memory: that; 0: the instruction at @q, which
 * runs at @addr, is neither. */
static uint64_t slot_of(const struct image *im, const struct insn *in,
			const uint8_t *q, uint64_t addr, bool *jump)
{
	const uint8_t *m = q + in->modrm_at;
	unsigned op = in->modrm_at ? m[0] >> 3 & 7 : 0;
	uint64_t slot;

	if (q[in->opcode_at] != 0xff || (op != 2 && op != 4))
		return 0;
	/* [disp32], relative on x86-64, or by an SIB byte without registers. */
	if ((m[0] & 0xc7) == 5)
		slot = get_le(m + 1, 4);
	else if ((m[0] & 0xc7) == 4 && m[1] == 0x25)
		slot = get_le(m + 2, 4);
	else
		return 0;
	*jump = op == 4;
	if (im->isa == ISA_X86_64)
		slot = (uint64_t)(int64_t)(int32_t)slot;
	return in->rip_at ? slot + addr + in->len : slot;
}

/* The first of them in a site; all of it must be instructions.  NULL: found. */
static const char *find_call(const struct image *im, struct para *p,
			     const uint8_t *bytes)
{
	struct insn in;

	for (unsigned at = 0; at < p->len; at += in.len) {
		if (!insn_decode(&in, im->isa, bytes + at, p->len - at))
			return "the site ends inside an instruction or holds none";
		if (p->slot)
			continue;
		p->slot = slot_of(im, &in, bytes + at, p->addr + at, &p->jump);
		p->pushes = at;
	}
	return p->slot ? NULL : "the site holds no indirect call through memory";
}

static bool take(struct kernel *k, struct para *p, const char *section,
		 struct refusal *r)
{
	struct section *s = image_at(k->im, p->addr, p->len);
	const char *why;

	p->in = s;
	if (!s || !s->exec)
		why = "the site is not inside a section of instructions";
	else if (p->len < CALL_LEN || p->len > SITE_LEN_MAX)
		why = "the site has no length from 5 to 254";
	else
		why = find_call(k->im, p, s->bytes + (p->addr - s->addr));
	return !why || refuse_record(r, section, p->record, p->addr,
				     "type %u, %u bytes: %s", p->type, p->len, why);
}

/* Records of this layout, and the bytes of the last one that are meant: assemblers
 * align before a record, so what follows the last is not there. */
static bool count_records(struct kernel *k, const struct section *s, unsigned word,
			  struct refusal *r)
{
	size_t rest;

	k->stride = 2 * word;
	k->para_count = s->len / k->stride;
	rest = s->len % k->stride;
	k->padded = !rest;
	if (!rest)
		return true;
	k->para_count++;
	if (rest == word + 4 || rest == word + 2)
		return true;
	return refuse(r, "%s: record %zu is truncated: %zu bytes are left for one of %u",
		      para_section, k->para_count - 1, rest, k->stride);
}

static bool read_section(struct kernel *k, const struct section *s,
			 struct refusal *r)
{
	unsigned word = image_word(k->im);

	k->section = para_section;
	if (!s->bytes)
		return refuse(r, "%s: has no bytes in the file", para_section);
	if (!count_records(k, s, word, r))
		return false;
	k->paras = calloc(k->para_count, sizeof(*k->paras));
	if (!k->paras)
		return refuse(r, "%s: no memory for %zu records", para_section,
			      k->para_count);
	for (size_t i = 0; i < k->para_count; i++) {
		const uint8_t *p = s->bytes + i * k->stride;

		k->paras[i] = (struct para){ .addr = get_le(p, word), .record = i,
					     .type = p[word], .len = p[word + 1] };
		if (!take(k, &k->paras[i], para_section, r))
			return false;
	}
	return true;
}

/* From 6.8 the call's record is one of .altinstructions. */
static bool read_direct_calls(struct kernel *k, struct refusal *r)
{
	size_t n = 0;

	for (size_t i = 0; i < k->alt_count; i++)
		n += k->alts[i].direct_call;
	if (!n)
		return true;
	k->section = alt_section;
	k->padded = true;
	k->stride = 14;
	k->paras = calloc(n, sizeof(*k->paras));
	if (!k->paras)
		return refuse(r, "%s: no memory for %zu records", alt_section, n);
	for (size_t i = 0; i < k->alt_count; i++) {
		const struct alt *a = &k->alts[i];
		struct para *p = &k->paras[k->para_count];

		if (!a->direct_call)
			continue;
		*p = (struct para){ .addr = a->site, .record = i, .len = a->len };
		k->para_count++;
		if (!take(k, p, alt_section, r))
			return false;
	}
	return true;
}

/* Base of the table if types are numbers of its slots. */
static uint64_t base_of(const struct kernel *k, const struct para *p)
{
	return p->slot - (uint64_t)p->type * image_word(k->im);
}

/* The base that more than half of the records agree on; 0: none. */
static uint64_t agreed_base(const struct kernel *k)
{
	uint64_t base = 0;
	size_t votes = 0, agree = 0;

	for (size_t i = 0; i < k->para_count; i++) {
		if (!votes)
			base = base_of(k, &k->paras[i]);
		if (base_of(k, &k->paras[i]) == base)
			votes++;
		else
			votes--;
	}
	for (size_t i = 0; i < k->para_count; i++)
		agree += base_of(k, &k->paras[i]) == base;
	return agree * 2 > k->para_count ? base : 0;
}

/* The lists of the 2006 patch and of 2.6.20 have 4 and 7 types. */
#define LISTED_MAX	7

/* Those kernels push registers around every call, later ones around none.  Their types'
 * slots may happen to follow each other. */
static bool is_listed(const struct kernel *k)
{
	size_t calls = 0;

	for (size_t i = 0; i < k->para_count; i++) {
		if (!k->paras[i].jump && !k->paras[i].pushes)
			return false;
		calls += !k->paras[i].jump;
	}
	return calls && k->im->isa == ISA_IA32;
}

static bool read_list(struct kernel *k, struct refusal *r)
{
	uint64_t slot[LISTED_MAX] = { 0 };

	for (size_t i = 0; i < k->para_count; i++) {
		struct para *p = &k->paras[i];

		if (p->type >= LISTED_MAX)
			return refuse_record(r, k->section, p->record, p->addr,
					     "type %u, %u bytes: the type is unknown: it is "
					     "not of the list of 2.6.20",
					     p->type, p->len);
		if (slot[p->type] && slot[p->type] != p->slot)
			return refuse_record(r, k->section, p->record, p->addr,
					     "type %u, %u bytes: calls through %#llx, other "
					     "sites of its type through %#llx",
					     p->type, p->len,
					     (unsigned long long)p->slot,
					     (unsigned long long)slot[p->type]);
		slot[p->type] = p->slot;
	}
	return true;
}

static bool refuse_slot(const struct kernel *k, const struct para *p, struct refusal *r)
{
	return refuse_record(r, k->section, p->record, p->addr,
			     "type %u, %u bytes: calls through %#llx, which is not that "
			     "slot of the table at %#llx",
			     p->type, p->len, (unsigned long long)p->slot,
			     (unsigned long long)k->table);
}

static void number_slot(struct kernel *k, struct para *p, unsigned op)
{
	p->op = (uint8_t)op;
	if (op >= k->ops)
		k->ops = op + 1;
}

/* Sites whose slot is not where their type says would be patched to the wrong op. */
static bool number_by_table(struct kernel *k, struct refusal *r)
{
	unsigned word = image_word(k->im);

	for (size_t i = 0; i < k->para_count; i++) {
		struct para *p = &k->paras[i];
		uint64_t off = p->slot - k->table;

		if (off % word || off / word >= KERNEL_SLOTS
		    || (!k->listed && p->type != off / word))
			return refuse_slot(k, p, r);
		number_slot(k, p, (unsigned)(off / word));
	}
	for (unsigned op = 0; op < k->ops; op++)
		k->slots[op] = k->table + (uint64_t)op * word;
	return true;
}

static int by_slot(const void *a, const void *b)
{
	const struct para *x = *(const struct para *const *)a;
	const struct para *y = *(const struct para *const *)b;

	return x->slot < y->slot ? -1 : x->slot > y->slot;
}

/* Records without types: slots are numbered as they lie.  What is further from the one
 * before than any table is long is another table (locks, from 7.0), numbered on. */
#define APART	64

static bool number_as_they_lie(struct kernel *k, struct para **sorted, struct refusal *r)
{
	unsigned word = image_word(k->im), op = 0;

	k->table = sorted[0]->slot;
	for (size_t i = 0; i < k->para_count; i++) {
		uint64_t off = i ? sorted[i]->slot - sorted[i - 1]->slot : 0, n = off / word;
		bool near = n <= APART;

		if (off % word || op + (near ? n : 2) >= KERNEL_SLOTS)
			return refuse_slot(k, sorted[i], r);
		for (; near && n > 1; n--, op++)
			k->slots[op + 1] = k->slots[op] + word;
		op += near ? n : 2;
		k->apart |= !near;
		k->slots[op] = sorted[i]->slot;
		number_slot(k, sorted[i], op);
	}
	return true;
}

static bool number_direct_calls(struct kernel *k, struct refusal *r)
{
	struct para **sorted = calloc(k->para_count, sizeof(*sorted));
	bool good;

	if (!sorted)
		return refuse(r, "no memory for %zu records", k->para_count);
	for (size_t i = 0; i < k->para_count; i++)
		sorted[i] = &k->paras[i];
	qsort(sorted, k->para_count, sizeof(*sorted), by_slot);
	good = number_as_they_lie(k, sorted, r);
	free(sorted);
	return good;
}

static uint64_t lowest_slot(const struct kernel *k)
{
	uint64_t low = UINT64_MAX;

	for (size_t i = 0; i < k->para_count; i++)
		if (k->paras[i].slot < low)
			low = k->paras[i].slot;
	return low;
}

static bool find_table(struct kernel *k, struct refusal *r)
{
	k->listed = is_listed(k);
	if (k->listed && !read_list(k, r))
		return false;
	if (!k->listed && k->section == alt_section)
		return number_direct_calls(k, r);
	k->table = k->listed ? lowest_slot(k) : agreed_base(k);
	if (!k->table)
		return refuse(r, "%s: unknown layout: most records' types are not the "
				 "number of the slot that their site calls through",
			      k->section);
	return number_by_table(k, r);
}

static int by_addr(const void *a, const void *b)
{
	const struct para *x = *(const struct para *const *)a;
	const struct para *y = *(const struct para *const *)b;

	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

static bool sort(struct kernel *k, struct refusal *r)
{
	k->by_addr = calloc(k->para_count + 1, sizeof(*k->by_addr));
	if (!k->by_addr)
		return refuse(r, "no memory for %zu records", k->para_count);
	for (size_t i = 0; i < k->para_count; i++)
		k->by_addr[i] = &k->paras[i];
	qsort(k->by_addr, k->para_count, sizeof(*k->by_addr), by_addr);
	return true;
}

const struct para *para_at(const struct kernel *k, uint64_t addr)
{
	const struct para *p = para_in(k, addr, 1);

	return p && p->addr == addr ? p : NULL;
}

/* The first site that ends behind @addr; sites that overlap are the engine's to
 * refuse. */
const struct para *para_in(const struct kernel *k, uint64_t addr, uint64_t len)
{
	size_t low = 0, high = k->para_count;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (k->by_addr[mid]->addr + k->by_addr[mid]->len <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low < k->para_count && k->by_addr[low]->addr < addr + len
		? k->by_addr[low] : NULL;
}

bool paras_read(struct kernel *k, struct refusal *r)
{
	const struct section *s = image_section(k->im, para_section);

	if (s && s->len ? !read_section(k, s, r) : !read_direct_calls(k, r))
		return false;
	if (!sort(k, r) || (k->para_count && !find_table(k, r)))
		return false;
	for (size_t i = 0; i < k->alt_count; i++)
		k->at_paras += !k->alts[i].direct_call
			&& para_at(k, k->alts[i].site);
	return true;
}
