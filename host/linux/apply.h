/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Patching a kernel image in memory, as that kernel patches itself on bare metal.
 *
 * First its paravirt sites, by the engine, each section of instructions a text; then
 * the alternatives whose features are known.  Everything is decided before the first
 * byte is stored; if a record is refused, no byte changes.
 */
#ifndef APPLY_H
#define APPLY_H

#include "kernel.h"
#include "patch/nop.h"
#include "patch/text.h"

/* A CPU's features, by the kernel's own numbers. */
struct features {
	bool known;		/* of all of them; else only what bare metal has not */
	uint64_t address;	/* of x86_capability in the kernel; 0: not known */
	size_t witnesses;	/* alternatives that say so */
	uint8_t bits[FEATURE_MAX / 8];
};

/* What became of the sites of one kind: each outcome sums to the sites. */
struct patching {
	struct text_counts paras;
	size_t traps;		/* of those inline: UD2, for an empty slot */
	size_t alt_sites;	/* addresses that alternatives are for */
	size_t alt_chosen;	/* a replacement was eligible */
	size_t alt_as_built;	/* none was; NOPs are made longer all the same */
	size_t alt_unknown;	/* features are not known */
};

/* An address that has alternatives, its bytes after patching. */
struct alt_site {
	uint64_t addr;
	size_t first;		/* record */
	int chosen;		/* record that was eligible last, or -1 */
	const char *unknown;	/* why it is not patched; NULL: it is */
	uint8_t len;		/* the longest of its records' */
	uint8_t bytes[SITE_LEN_MAX];
};

struct applied {
	struct patching counts;
	uint8_t (*paras)[SITE_LEN_MAX];	/* bytes of every paravirt site, patched by the
					 * engine alone */
	enum patched *outcomes;		/* likewise */
	struct alt_site *alts;		/* ordered by address */
	size_t alt_count;
};

/* NOPs of Linux.  Its own tables stop at 8 bytes until 6.2. */
const struct nop_table *linux_nops(const struct kernel *k, bool k8);

/* What says where a kernel keeps its features: the sites of static_cpu_has() jump to
 * a test of the very byte.  False: nothing does, or they disagree. */
bool features_find(const struct kernel *k, struct features *f);

/**
 * kernel_apply - patch the image.
 * @a: filled on success; applied_free() gives it back.
 * @f: features; those of virtual machines are absent on bare metal.
 * @nops: padding.
 * @r: on failure, the first record that is bad; no byte was changed.
 */
bool kernel_apply(const struct kernel *k, const struct features *f,
		  const struct nop_table *nops, struct applied *a,
		  struct refusal *r);
void applied_free(struct applied *a);

/* Is site @i one that is inline to the engine, and UD2, which no op is? */
bool is_trap(const struct applied *a, size_t i);

/* A word for every outcome, "ud2" the last, and how many sites have it. */
#define OUTCOMES	(PATCHED_COUNT + 1)
const char *outcome_word(unsigned outcome);
size_t outcome_count(const struct patching *c, unsigned outcome);

/* The alternatives, into a->alts; stores nothing. */
bool alternatives_decide(const struct kernel *k, const struct features *f,
			 const struct nop_table *nops, struct applied *a,
			 struct refusal *r);

/* One of them, from @bytes, which are its replacement, into s->bytes.  NULL, or why it
 * cannot be copied. */
const char *replacement_decide(const struct kernel *k, const struct alt *a,
			       const uint8_t *bytes, const struct nop_table *nops,
			       struct alt_site *s);

/* The form of one paravirt site by a pointer that may not be the image's; used for
 * comparing with a kernel that changed its table. */
unsigned para_form(const struct kernel *k, const struct para *p, uint64_t pointer,
		   const struct nop_table *nops, uint8_t *bytes);

#endif
