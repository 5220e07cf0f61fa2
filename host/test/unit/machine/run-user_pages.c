/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two pages for ring 3, in page tables made here, in every mode of paging.  The new tables are
 * read with the old ones side by side, entry by entry, by a reader of the test's own: memory is
 * where it was and ring 0 may do what it might, but for the two pages, and ring 3 has those alone.
 */
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>
#include "machine/paging.h"
#include "machine/user_pages.h"
#include "tap.h"

#define P	1ull
#define W	2ull
#define U	4ull
#define PCD	0x10ull
#define A	0x20ull
#define D	0x40ull
#define PS	0x80ull
#define G	0x100ull
#define NX	(1ull << 63)
#define PAT_LARGE (1ull << 12)

#define PAGE	4096ull

/* Memory for tables, below 4 GiB; the new ones, and a page behind them that stays as it is. */
#define ROOM	160
static uint8_t *memory, *made;
static unsigned used;

static const struct way {
	const char *name;
	struct paging_registers r;	/* but for CR3 */
	unsigned levels, entry_bytes, leaf_level;
} ways[] = {
#define PG	(1ull << 31)
#define NXE	(1 << 11)
#define LMA	(1 << 10)
	{ "32 bits, 4 KiB", { PG, 0, 0x10, 0 }, 2, 4, 1 },
	{ "32 bits, 4 MiB", { PG, 0, 0x10, 0 }, 2, 4, 2 },
	{ "32 bits without PSE", { PG, 0, 0, 0 }, 2, 4, 1 },
	{ "PAE, 4 KiB", { PG, 0, 0x20, NXE }, 3, 8, 1 },
	{ "PAE, 2 MiB", { PG, 0, 0x20, NXE }, 3, 8, 2 },
	{ "PAE, 2 MiB, no NX", { PG, 0, 0x20, 0 }, 3, 8, 2 },
	{ "4 levels, 4 KiB", { PG, 0, 0x20, LMA | NXE }, 4, 8, 1 },
	{ "4 levels, 2 MiB", { PG, 0, 0x20, LMA | NXE }, 4, 8, 2 },
	{ "4 levels, 1 GiB", { PG, 0, 0x20, LMA | NXE }, 4, 8, 3 },
	{ "4 levels, 2 MiB, no NX", { PG, 0, 0x20, LMA }, 4, 8, 2 },
	{ "5 levels, 4 KiB", { PG, 0, 0x1020, LMA | NXE }, 5, 8, 1 },
	{ "5 levels, 2 MiB", { PG, 0, 0x1020, LMA | NXE }, 5, 8, 2 },
	{ "5 levels, 1 GiB", { PG, 0, 0x1020, LMA | NXE }, 5, 8, 3 },
};
#define WAYS	(sizeof(ways) / sizeof(ways[0]))

/* Flags of every leaf, and flags that the entries of one level above have changed. */
struct form {
	uint64_t leaf;
	unsigned level;			/* 0: none */
	uint64_t clear, set;
};

static unsigned entries(const struct way *w, unsigned level)
{
	return w->levels == 3 && level == 3 ? 4 : w->entry_bytes == 8 ? 512 : 1024;
}

static unsigned shift_of(const struct way *w, unsigned level)
{
	return 12 + (w->entry_bytes == 8 ? 9 : 10) * (level - 1);
}

static uint64_t read_entry(const struct way *w, uint64_t table, unsigned i)
{
	return w->entry_bytes == 8 ? ((uint64_t *)(uintptr_t)table)[i]
				   : ((uint32_t *)(uintptr_t)table)[i];
}

static void write_entry(const struct way *w, uint64_t table, unsigned i, uint64_t v)
{
	if (w->entry_bytes == 8)
		((uint64_t *)(uintptr_t)table)[i] = v;
	else
		((uint32_t *)(uintptr_t)table)[i] = (uint32_t)v;
}

static bool has_rights(const struct way *w, unsigned level)
{
	return w->levels != 3 || level != 3;
}

static uint64_t upper_flags(const struct way *w, unsigned level, const struct form *f)
{
	uint64_t flags = P | (has_rights(w, level) ? W | A | (f->leaf & U) : 0);

	return f->level == level ? (flags & ~f->clear) | f->set : flags;
}

static uint64_t new_table(void)
{
	return (uintptr_t)(memory + PAGE * used++);
}

/* Every leaf of a table, and all four of PAE's top entries; of the others the first, the second
 * and the last. */
static void fill(const struct way *w, uint64_t table, unsigned level, uint64_t addr,
		 const struct form *f)
{
	const unsigned n = entries(w, level);
	const uint64_t large = level > 1 ? PS : 0;

	for (unsigned i = 0; i < n; i++) {
		const uint64_t to = addr + ((uint64_t)i << shift_of(w, level));
		uint64_t below;

		if (level == w->leaf_level) {
			write_entry(w, table, i, (to & 0xfffffffffull) | f->leaf | large);
		} else if (i < 2 || i == n - 1 || n == 4) {
			below = new_table();
			fill(w, below, level - 1, to, f);
			write_entry(w, table, i, below | upper_flags(w, level, f));
		}
	}
}

static struct paging make(const struct way *w, const struct form *f)
{
	struct paging_registers r = w->r;

	memset(memory, 0, ROOM * PAGE);
	used = 0;
	r.cr3 = new_table();
	fill(w, r.cr3, w->levels, 0, f);
	return paging_of(&r);
}

/* What an entry says, and what those above it do. */
struct seen {
	bool mapped, leaf;
	uint64_t to;			/* a table, or memory */
	bool write, exec, user;		/* with all levels above */
	bool global, pat, pcd;
};

static const struct seen all_allowed = { .write = true, .exec = true, .user = true };

static struct seen see(const struct way *w, uint64_t v, unsigned level, const struct seen *above)
{
	const bool rights = has_rights(w, level);
	struct seen s = { .mapped = v & P, .write = above->write, .exec = above->exec,
			  .user = above->user };

	s.leaf = level == 1 || ((v & PS) && rights && (w->entry_bytes == 8 || w->r.cr4 & 0x10));
	s.to = v & (w->entry_bytes == 8 ? 0x000ffffffffff000ull : 0xfffff000ull);
	if (rights) {
		s.write &= !!(v & W);
		s.user &= !!(v & U);
		s.exec &= !(w->r.efer & NXE) || !(v & NX);
	}
	if (s.leaf) {
		s.global = v & G;
		s.pcd = v & PCD;
		s.pat = v & (level > 1 ? PAT_LARGE : PS);
		s.to &= ~((level > 1 ? PAT_LARGE : 0));
	}
	return s;
}

/* A part of a leaf is what the leaf is, further up. */
static struct seen part_of(const struct way *w, struct seen leaf, unsigned i, unsigned level)
{
	leaf.to += (uint64_t)i << shift_of(w, level);
	return leaf;
}

/* What is looked for, and what was found wrong first. */
struct look {
	const struct way *w;
	uint64_t addr;			/* of the two pages */
	unsigned own, users;		/* pages: of the two; that ring 3 reaches */
	const char *wrong;
	uint64_t wrong_at;
};

static void wrong(struct look *l, uint64_t at, const char *what)
{
	if (!l->wrong) {
		l->wrong = what;
		l->wrong_at = at;
	}
}

/* Is one of the two as the header says? */
static void look_at_own(struct look *l, const struct seen *was, const struct seen *now,
			uint64_t at)
{
	const bool stack = at != l->addr, nx = l->w->r.efer & NXE;

	l->own++;
	if (!now->user)
		wrong(l, at, "ring 3 does not reach its page");
	if (now->write != stack)
		wrong(l, at, "its page is writable, or its stack is not");
	if (now->exec != (!stack || !nx))
		wrong(l, at, "its page is not executable, or its stack is");
	if (now->global)
		wrong(l, at, "its page is global");
	if (now->to != at || was->pat != now->pat || was->pcd != now->pcd)
		wrong(l, at, "its page is another, or cached in another way");
}

static void look_at_other(struct look *l, const struct seen *was, const struct seen *now,
			  uint64_t at)
{
	l->users += now->user;
	if (now->user)
		wrong(l, at, "ring 3 reaches it");
	if (was->write != now->write || was->exec != now->exec)
		wrong(l, at, "ring 0 has other rights");
	if (was->to != now->to)
		wrong(l, at, "it is other memory");
	if (was->leaf && (was->global != now->global || was->pat != now->pat
			  || was->pcd != now->pcd))
		wrong(l, at, "it is cached in another way, or global in one alone");
}

static void compare(struct look *l, struct seen was, struct seen now, unsigned level,
		    uint64_t at);

static void compare_below(struct look *l, const struct seen *was, const struct seen *now,
			  unsigned level, uint64_t at)
{
	for (unsigned i = 0; i < entries(l->w, level); i++)
		compare(l, was->leaf ? part_of(l->w, *was, i, level)
			: see(l->w, read_entry(l->w, was->to, i), level, was),
			see(l->w, read_entry(l->w, now->to, i), level, now), level,
			at + ((uint64_t)i << shift_of(l->w, level)));
}

/* What stands at @at in both. */
static void compare(struct look *l, struct seen was, struct seen now, unsigned level,
		    uint64_t at)
{
	if (was.mapped != now.mapped)
		wrong(l, at, "it is mapped in one alone");
	else if (!was.mapped)
		return;
	else if (level == 1 && (at == l->addr || at == l->addr + PAGE))
		look_at_own(l, &was, &now, at);
	else if (now.leaf || (!was.leaf && was.to == now.to))
		look_at_other(l, &was, &now, at);
	else
		compare_below(l, &was, &now, level - 1, at);
}

/* NULL: all is as the header says. */
static const char *look(const struct way *w, uint64_t old, uint64_t root, uint64_t addr)
{
	struct look l = { .w = w, .addr = addr };
	struct seen was = all_allowed, now = all_allowed;

	was.to = old;
	now.to = root;
	compare_below(&l, &was, &now, w->levels, 0);
	if (l.own != 2)
		wrong(&l, addr, "not both pages are there");
	if (l.wrong)
		diag("%s: at 0x%llx: %s", w->name, (unsigned long long)l.wrong_at, l.wrong);
	return l.wrong;
}

#define TABLES	(USER_PAGES_TABLES * PAGE)
#define LEFT	0x5a

static uint8_t before[ROOM * PAGE];

/* NULL: the tables are made as they are to be, and those in force are as they were. */
static const char *map(const struct way *w, const struct paging *p, uint64_t addr)
{
	const char *why;
	uint64_t root = 0;

	memcpy(before, memory, sizeof(before));
	memset(made, LEFT, TABLES + PAGE);
	why = user_pages_map(p, addr, made, &root);
	if (memcmp(before, memory, sizeof(before)))
		return "the tables in force were changed";
	for (unsigned i = 0; i < PAGE; i++)
		if (made[TABLES + i] != LEFT)
			return "there are more tables than was promised";
	if (root % PAGE)
		return "the root is not a page";
	return why ? why : look(w, p->root, root, addr);
}

/* The first of a table, the last of one, and in the second. */
static const uint64_t addresses[] = { 0, 0x6000, 0x1fe000, 0x20a000, 0x3fe000 };

static bool everywhere(const struct way *w, const struct form *f)
{
	for (unsigned i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		const struct paging p = make(w, f);
		const char *why = map(w, &p, addresses[i]);

		if (why) {
			diag("%s, for 0x%llx: %s", w->name, (unsigned long long)addresses[i],
			     why);
			return false;
		}
	}
	return true;
}

/* Each level above the leaves, with these flags of its entries changed. */
static bool each_level(const struct way *w, uint64_t leaf, uint64_t clear, uint64_t set)
{
	for (unsigned level = w->leaf_level + 1; level <= w->levels; level++) {
		const struct form f = { leaf, level, clear, set };

		if (has_rights(w, level) && !everywhere(w, &f)) {
			diag("of level %u", level);
			return false;
		}
	}
	return true;
}

static void one_way(const struct way *w)
{
	const uint64_t nx = w->r.efer & NXE ? NX : 0, most = P | W | A | D;
	const uint64_t pat = w->leaf_level > 1 ? PAT_LARGE : PS;

	ok(everywhere(w, &(struct form){ .leaf = most }), "%s: ring 3 has two pages", w->name);
	ok(everywhere(w, &(struct form){ .leaf = most | G | pat | PCD }),
	   "%s: of pages that are global, and cached in another way", w->name);
	ok(everywhere(w, &(struct form){ .leaf = P | nx }),
	   "%s: of pages that are neither written nor executed", w->name);
	ok(everywhere(w, &(struct form){ .leaf = most | U }),
	   "%s: no other one, where the tables in force allow it all", w->name);
	ok(each_level(w, most | U, U, 0), "%s: nor where a level above forbids it", w->name);
	ok(each_level(w, most, W, 0), "%s: what a level above keeps from being written stays so",
	   w->name);
	ok(each_level(w, most, 0, nx), "%s: and from being executed", w->name);
}

/* The table of a level on the way to @addr. */
static uint64_t table_at(const struct way *w, const struct paging *p, unsigned level,
			 uint64_t addr)
{
	uint64_t table = p->root;

	for (unsigned l = w->levels; l > level; l--)
		table = read_entry(w, table, addr >> shift_of(w, l) & (entries(w, l) - 1))
			& 0xfffff000;
	return table;
}

static const struct form plain = { .leaf = P | W | A | D };

/* Is it refused with one bit of the entry of @addr changed, at this level? */
static bool refused_with(const struct way *w, unsigned level, uint64_t addr, uint64_t bit)
{
	const struct paging p = make(w, &plain);
	const uint64_t table = table_at(w, &p, level, addr);
	const unsigned i = addr >> shift_of(w, level) & (entries(w, level) - 1);
	uint64_t root = 1;

	write_entry(w, table, i, read_entry(w, table, i) ^ bit);
	memcpy(before, memory, sizeof(before));
	return user_pages_map(&p, 0x6000, made, &root)
		&& !memcmp(before, memory, sizeof(before));
}

static void refused(const struct way *w)
{
	bool absent = true, encrypted = true;

	for (unsigned level = w->levels; level >= w->leaf_level; level--) {
		absent &= refused_with(w, level, 0x6000, P);
		if (w->entry_bytes == 8)
			for (unsigned bit = 47; bit < 52; bit++)
				encrypted &= refused_with(w, level, 0x6000, 1ull << bit);
	}
	ok(absent, "%s: what is not mapped is refused, at each level", w->name);
	ok(encrypted, "%s: and what has an encryption bit", w->name);
	ok(refused_with(w, w->leaf_level, 0x6000, 1ull << (shift_of(w, w->leaf_level) + 1)),
	   "%s: a page that is not mapped one to one is refused", w->name);
	if (w->leaf_level == 1)
		ok(refused_with(w, 1, 0x7000, 1ull << 13) && refused_with(w, 1, 0x7000, P),
		   "%s: and so is a second that is not", w->name);
}

static void others(void)
{
	const struct way *w32 = &ways[1], *four = &ways[7], *pae = &ways[4];
	struct paging p = make(four, &plain);
	uint64_t root = 0;

	ok(refused_with(w32, 2, 0x6000, 1 << 13), "a page of 4 MiB above 4 GiB is refused");
	p.root |= 1ull << 47;
	ok(user_pages_map(&p, 0x6000, made, &root) && !root,
	   "a root with an encryption bit is refused");
	p = make(pae, &plain);
	memmove(memory + 32, memory, 32);
	p.root += 32;
	ok(!map(pae, &p, 0x6000), "PAE's four top entries may begin within a page");
	ok(refused_with(pae, 3, 0xc0000000, 1ull << 48),
	   "and none of them has an encryption bit, wherever it leads");
}

int main(void)
{
	memory = mmap(NULL, (ROOM + USER_PAGES_TABLES + 1) * PAGE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | (sizeof(void *) == 8 ? MAP_32BIT : 0),
		      -1, 0);
	if (memory == MAP_FAILED) {
		ok(false, "memory below 4 GiB");
		return 1;
	}
	made = memory + ROOM * PAGE;
	for (unsigned i = 0; i < WAYS; i++) {
		one_way(&ways[i]);
		refused(&ways[i]);
	}
	others();
	return done();
}
