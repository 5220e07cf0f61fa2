/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page tables made here, in every mode of paging, and read again by a walk of the
 * test's own: rights change where they are wanted and nowhere else, addresses and
 * cache attributes nowhere at all, and everything comes back.
 */
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>
#include "machine/paging.h"
#include "tap.h"

#define P	1ull
#define W	2ull
#define U	4ull
#define A	0x20ull
#define D	0x40ull
#define PS	0x80ull
#define G	0x100ull
#define NX	(1ull << 63)

#define PAGE	4096ull
#define MIB	(1ull << 20)

/* Memory for tables, below 4 GiB, as entries of 32 bits want it. */
#define ROOM	64
static uint8_t *memory, *spare;
static unsigned used;

static uint64_t new_table(void)
{
	return (uintptr_t)(memory + PAGE * used++);
}

/* A way of paging, and the size of the pages that everything is mapped with. */
static const struct way {
	const char *name;
	struct paging_registers r;	/* but for CR3 */
	unsigned levels, entry_bytes, leaf_level;
} ways[] = {
#define PG	(1ull << 31)
	{ "32 bits, 4 KiB", { PG, 0, 0x10, 0 }, 2, 4, 1 },
	{ "32 bits, 4 MiB", { PG, 0, 0x10, 0 }, 2, 4, 2 },
	{ "32 bits without PSE", { PG, 0, 0, 0 }, 2, 4, 1 },
	{ "PAE, 4 KiB", { PG, 0, 0x20, 1 << 11 }, 3, 8, 1 },
	{ "PAE, 2 MiB", { PG, 0, 0x20, 1 << 11 }, 3, 8, 2 },
	{ "PAE, 2 MiB, no NX", { PG, 0, 0x20, 0 }, 3, 8, 2 },
	{ "4 levels, 4 KiB", { PG, 0, 0x20, 3 << 10 }, 4, 8, 1 },
	{ "4 levels, 2 MiB", { PG, 0, 0x20, 3 << 10 }, 4, 8, 2 },
	{ "4 levels, 1 GiB", { PG, 0, 0x20, 3 << 10 }, 4, 8, 3 },
	{ "5 levels, 2 MiB", { PG, 0, 0x1020, 3 << 10 }, 5, 8, 2 },
	{ "5 levels, 1 GiB", { PG, 0, 0x1020, 3 << 10 }, 5, 8, 3 },
};

static unsigned shift_of(const struct way *w, unsigned level)
{
	return 12 + (w->entry_bytes == 8 ? 9 : 10) * (level - 1);
}

static uint64_t read_entry(const struct way *w, uint64_t at)
{
	return w->entry_bytes == 8 ? *(uint64_t *)(uintptr_t)at
				   : *(uint32_t *)(uintptr_t)at;
}

static void write_entry(const struct way *w, uint64_t at, uint64_t v)
{
	if (w->entry_bytes == 8)
		*(uint64_t *)(uintptr_t)at = v;
	else
		*(uint32_t *)(uintptr_t)at = (uint32_t)v;
}

/* Flags of the leaves: global, dirty, and PAT, which is elsewhere in large pages. */
static uint64_t leaf_flags(const struct way *w)
{
	return P | W | A | D | G | (w->leaf_level > 1 ? PS | 1 << 12 : 1 << 7);
}

/* Maps the first 8 MiB one to one; with pages of 1 GiB, the first of these. */
static void fill(const struct way *w, uint64_t table, unsigned level)
{
	unsigned shift = shift_of(w, level);
	unsigned count = (unsigned)((8 * MIB - 1) >> shift) + 1;
	unsigned most = w->entry_bytes == 8 ? 512 : 1024;

	for (unsigned i = 0; i < count && i < most; i++) {
		uint64_t v;

		if (level == w->leaf_level) {
			v = leaf_flags(w);
		} else {
			v = new_table();
			fill(w, v, level - 1);
			v |= P | (w->levels == 3 && level == 3 ? 0 : W | U | A);
		}
		write_entry(w, table + i * w->entry_bytes, v);
	}
}

/* Leaves of 4 KiB hold the address of their own place. */
static void number_pages(const struct way *w, uint64_t table, unsigned level,
			 uint64_t addr)
{
	for (unsigned i = 0; i < (w->entry_bytes == 8 ? 512u : 1024u); i++) {
		uint64_t at = table + i * w->entry_bytes, v = read_entry(w, at);
		uint64_t to = addr + ((uint64_t)i << shift_of(w, level));

		if (!(v & P))
			continue;
		if (level == w->leaf_level)
			write_entry(w, at, to | leaf_flags(w));
		else
			number_pages(w, v & 0xfffff000, level - 1, to);
	}
}

static struct paging make(const struct way *w)
{
	struct paging_registers r = w->r;

	memset(memory, 0, ROOM * PAGE);
	used = 0;
	r.cr3 = new_table();
	fill(w, r.cr3, w->levels);
	number_pages(w, r.cr3, w->levels, 0);
	return paging_of(&r);
}

/* What an address is mapped to, by the test's own walk: its physical address and
 * PAT, G, D; whether it can be written and executed. */
struct seen {
	uint64_t to;
	bool pat, g, d, write, exec, mapped;
};

static struct seen walk(const struct way *w, uint64_t root, uint64_t addr)
{
	struct seen s = { .write = true, .exec = true };
	uint64_t table = root;

	for (unsigned level = w->levels; level; level--) {
		unsigned shift = shift_of(w, level);
		uint64_t index = addr >> shift & (w->entry_bytes == 8 ? 511 : 1023);
		uint64_t v = read_entry(w, table + index * w->entry_bytes);

		if (!(v & P))
			return s;
		if (!(w->levels == 3 && level == 3)) {
			s.write &= !!(v & W);
			s.exec &= !(w->r.efer & 1 << 11) || !(v & NX);
		}
		if (level > 1 && !(v & PS)) {
			table = v & 0xfffff000;
			continue;
		}
		s.mapped = true;
		s.pat = v & (level > 1 ? 1 << 12 : 1 << 7);
		s.g = v & G;
		s.d = v & D;
		s.to = (v & ~NX & ~((1ull << shift) - 1)) + (addr & ((1ull << shift) - 1));
		return s;
	}
	return s;
}

/* Are all of 8 MiB as they should be, [from, to) with these rights? */
static bool all_as(const struct way *w, const struct paging *p, uint64_t from,
		   uint64_t to, bool write, bool exec)
{
	for (uint64_t a = 0; a < 8 * MIB; a += PAGE) {
		bool in = a >= from && a < to;
		struct seen s = walk(w, p->root, a + 0x123);
		struct paging_page page = paging_look(p, a + 0x123);

		if (!s.mapped || s.to != a + 0x123 || !s.pat || !s.g || !s.d
		    || s.write != (in ? write : true) || s.exec != (in ? exec : true)
		    || !page.mapped || page.writable != s.write
		    || page.executable != s.exec || page.dirty != s.d) {
			diag("%s: at 0x%llx", w->name, (unsigned long long)a);
			return false;
		}
	}
	return true;
}

static struct paging_change changes[4096];

static struct paging_loan loan(void)
{
	return (struct paging_loan){
		.change = changes, .room = 4096, .table = spare, .tables = 16 };
}

#define FROM	(2 * MIB + 5 * PAGE)
#define LEN	(2 * MIB + PAGE)

static void one_way(const struct way *w)
{
	static uint8_t before[ROOM * PAGE];
	struct paging p = make(w);
	struct paging_loan l = loan();

	ok(p.levels == w->levels && p.entry_bytes == w->entry_bytes
	   && p.nx == !!(w->r.efer & 1 << 11), "%s: is known by its registers", w->name);
	ok(all_as(w, &p, 0, 0, true, true), "%s: all is read as it was made", w->name);
	memcpy(before, memory, sizeof(before));
	ok(!paging_lend(&p, &l, FROM, LEN, PAGING_READONLY)
	   && all_as(w, &p, FROM, FROM + LEN, false, true),
	   "%s: a range is read-only, and what lies beside it is not", w->name);
	ok(l.count <= PAGING_CHANGES(LEN) && 16 - l.tables <= PAGING_TABLES(LEN),
	   "%s: by no more changes and tables than were promised", w->name);
	ok(paging_take_back(&p, &l) && !memcmp(before, memory, sizeof(before)),
	   "%s: every byte of the tables comes back", w->name);

	l = loan();
	if (p.nx) {
		ok(!paging_lend(&p, &l, FROM, LEN, PAGING_NO_EXECUTE | PAGING_WRITABLE)
		   && all_as(w, &p, FROM, FROM + LEN, true, false)
		   && !paging_lend(&p, &l, FROM, LEN, PAGING_EXECUTABLE | PAGING_READONLY)
		   && all_as(w, &p, FROM, FROM + LEN, false, true),
		   "%s: not executable, then executable and read-only", w->name);
	} else {
		ok(paging_lend(&p, &l, FROM, LEN, PAGING_NO_EXECUTE)
		   && !l.count && all_as(w, &p, 0, 0, true, true),
		   "%s: execution cannot be forbidden, and nothing changes", w->name);
	}
	ok(paging_take_back(&p, &l) && !memcmp(before, memory, sizeof(before)),
	   "%s: and that comes back too", w->name);
	l = loan();
	ok(!paging_lend(&p, &l, FROM, LEN, PAGING_WRITABLE | PAGING_EXECUTABLE)
	   && !l.count, "%s: what is as wanted is not touched", w->name);
}

static void without_room(const struct way *w)
{
	static uint8_t before[ROOM * PAGE];
	struct paging p = make(w);
	struct paging_loan l = loan();

	memcpy(before, memory, sizeof(before));
	l.tables = 0;
	ok(paging_lend(&p, &l, FROM, LEN, PAGING_READONLY)
	   && paging_take_back(&p, &l) && !memcmp(before, memory, sizeof(before)),
	   "without a table to divide a page with: refused, and nothing is left");
	l = loan();
	l.room = 3;
	ok(paging_lend(&p, &l, FROM, LEN, PAGING_READONLY) && l.count == 3
	   && paging_take_back(&p, &l) && !memcmp(before, memory, sizeof(before)),
	   "without room to note a change: refused, and what was changed comes back");
	l = loan();
	ok(paging_lend(&p, &l, 3ull << 30, PAGE, PAGING_READONLY) && !l.count,
	   "what is not mapped is refused");
}

static void somebody_else(const struct way *w)
{
	struct paging p = make(w);
	struct paging_loan l = loan();
	uint64_t at;

	paging_lend(&p, &l, FROM, PAGE, PAGING_READONLY);
	at = changes[l.count - 1].at;
	write_entry(w, at, read_entry(w, at) ^ 0x200);
	ok(!paging_take_back(&p, &l) && (read_entry(w, at) & 0x200)
	   && !(read_entry(w, at) & W), "an entry that somebody else has changed stays");
	p = make(w);
	l = loan();
	paging_lend(&p, &l, FROM, PAGE, PAGING_READONLY);
	at = changes[l.count - 1].at;
	write_entry(w, at, read_entry(w, at) & ~(A | D));
	ok(paging_take_back(&p, &l) && all_as(w, &p, 0, 0, true, true),
	   "the CPU's own bits do not count as a change");
}

static void above(const struct way *w)
{
	struct paging p = make(w);
	struct paging_loan l = loan();

	/* the top-level entry */
	write_entry(w, p.root, (read_entry(w, p.root) & ~W) | NX);
	ok(!paging_look(&p, FROM).writable && !paging_look(&p, FROM).executable,
	   "rights are those of every level");
	ok(paging_lend(&p, &l, FROM, PAGE, PAGING_WRITABLE)
	   && paging_lend(&p, &l, FROM, PAGE, PAGING_EXECUTABLE) && !l.count,
	   "what a table above forbids cannot be lent");
	write_entry(w, p.root, read_entry(w, p.root) | 1ull << 51);
	ok(!paging_look(&p, FROM).mapped, "an entry with an encryption bit is not followed");
}

static void clean(const struct way *w)
{
	struct paging p = make(w);
	struct paging_loan l = loan();

	ok(!paging_clean(&p, 0, 8 * MIB), "a writable page may be dirty");
	paging_lend(&p, &l, FROM, 3 * PAGE, PAGING_READONLY);
	ok(paging_clean(&p, 0, 8 * MIB) == 3 && !paging_look(&p, FROM).dirty
	   && paging_look(&p, FROM - PAGE).dirty && paging_look(&p, FROM + 3 * PAGE).dirty
	   && !paging_clean(&p, 0, 8 * MIB), "a read-only one is clean afterwards");
}

/* What else is in CR3: PCIDs and cache attributes in its low bits, with memory
 * encryption a bit that no address has. */
static void root(const struct way *w)
{
	struct paging p = make(w);
	struct paging_registers r = w->r;

	r.cr3 = p.root | 0x18;
	ok(paging_of(&r).root == p.root, "%s: CR3's low bits are no address", w->name);
	if (w->entry_bytes != 8)
		return;
	r.cr3 = p.root + (w->levels == 3 ? 0x20 : PAGE);
	ok(paging_of(&r).root == r.cr3, "%s: a table may begin there", w->name);
	if (w->levels == 3)
		return;
	for (unsigned bit = 47; bit < 52; bit += 4) {
		struct paging_loan l = loan();

		r.cr3 = p.root | 1ull << bit;
		p = paging_of(&r);
		ok(!paging_look(&p, FROM).mapped && !paging_clean(&p, 0, PAGE)
		   && paging_lend(&p, &l, FROM, PAGE, PAGING_READONLY) && !l.count,
		   "%s: CR3 with bit %u, for encryption, is not followed", w->name, bit);
		p = make(w);
	}
}

/* The leaf of FROM, of a way with large pages. */
static uint64_t large_leaf(const struct way *w, const struct paging *p)
{
	uint64_t table = p->root;

	for (unsigned level = w->levels; ; level--) {
		uint64_t i = FROM >> shift_of(w, level)
			& (w->entry_bytes == 8 ? 511 : 1023);
		uint64_t at = table + i * w->entry_bytes;

		if (level == w->leaf_level)
			return at;
		table = read_entry(w, at) & 0xfffff000;
	}
}

static void above_4_gib(const struct way *w32, const struct way *pae)
{
	struct paging p = make(w32);
	struct paging_loan l = loan();
	uint64_t at = large_leaf(w32, &p);

	write_entry(w32, at, read_entry(w32, at) | 1 << 13);
	ok(paging_lend(&p, &l, FROM, PAGE, PAGING_READONLY) && !l.count,
	   "a page of 4 MiB that is above 4 GiB is not divided");
	p = make(pae);
	at = large_leaf(pae, &p);
	write_entry(pae, at, read_entry(pae, at) | 1ull << 32);
	ok(paging_look(&p, FROM).mapped == (sizeof(void *) == 8),
	   "what is above 4 GiB is there for who has such addresses");
}

static void divided(const struct way *w)
{
	for (unsigned user = 0; user < 2; user++) {
		struct paging p = make(w);
		struct paging_loan l = loan();
		uint64_t at = large_leaf(w, &p);

		write_entry(w, at, read_entry(w, at) | user * U);
		ok(!paging_lend(&p, &l, FROM, PAGE, PAGING_READONLY)
		   && (read_entry(w, at) & U) == user * U && !(read_entry(w, at) & PS),
		   "%s: the table of a page that is %sthe user's is so too",
		   w->name, user ? "" : "not ");
	}
}

static void off(void)
{
	const struct paging_registers none = { .cr3 = 0x1000 };
	const struct paging_registers on = { PG, (uintptr_t)memory, 0x10, 0 };
	struct paging p = paging_of(&none);
	struct paging_loan l = loan();

	ok(!p.levels && paging_look(&p, 0x1234).writable && paging_look(&p, 0x1234).executable
	   && paging_lend(&p, &l, 0, PAGE, PAGING_READONLY) && !paging_clean(&p, 0, PAGE),
	   "paging that is off allows all and lends nothing");
	paging_identity((uint32_t *)memory);
	p = paging_of(&on);
	ok(paging_look(&p, 0xfffff000).writable && paging_look(&p, 0).bytes == 4 * MIB
	   && ((uint32_t *)memory)[1023] >> 22 == 1023, "a map of our own is one to one");
}

int main(void)
{
	const unsigned n = sizeof(ways) / sizeof(ways[0]);

	memory = mmap(NULL, (ROOM + 16) * PAGE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | (sizeof(void *) == 8 ? MAP_32BIT : 0),
		      -1, 0);
	if (memory == MAP_FAILED) {
		ok(false, "memory below 4 GiB");
		return 1;
	}
	spare = memory + ROOM * PAGE;
	plan(n * 8 + 2 * (3 + 2 + 2) + 3 + 2 + 1 + 2 + 2 * 4 + 2 + 2 * 2);
	for (unsigned i = 0; i < n; i++)
		one_way(&ways[i]);
	for (unsigned i = 1; i < 8; i += 6) {
		without_room(&ways[i]);
		somebody_else(&ways[i]);
		clean(&ways[i]);
	}
	above(&ways[7]);
	root(&ways[1]);
	root(&ways[4]);
	root(&ways[7]);
	root(&ways[9]);
	above_4_gib(&ways[1], &ways[4]);
	divided(&ways[1]);
	divided(&ways[7]);
	off();
	return done();
}
