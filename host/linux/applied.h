/* SPDX-License-Identifier: GPL-2.0-only */
/* What patching a kernel image comes to: of the CPU, of sites, of alternatives. */
#ifndef APPLIED_H
#define APPLIED_H

#include "patch/text.h"
#include "records.h"

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
	uint64_t addr;		/* first: see rows_upto() */
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

/* Is site @i one that is inline to the engine, and UD2, which no op is? */
bool is_trap(const struct applied *a, size_t i);

/* A word for every outcome, "ud2" the last, and how many sites have it. */
#define OUTCOMES	(PATCHED_COUNT + 1)
const char *outcome_word(unsigned outcome);
size_t outcome_count(const struct patching *c, unsigned outcome);

void applied_free(struct applied *a);

#endif
