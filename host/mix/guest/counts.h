/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MIX_COUNTS_H
#define MIX_COUNTS_H

/*
 * What the kernel itself counts: what the recorder's counts are held against.  Reading them is
 * counted too; the row "floor" says what that comes to.
 */
#define COUNTS	4

struct counts {
	unsigned long long value[COUNTS];
};

/* counts_read - of all CPUs since boot; ends the program where /proc has them not. */
void counts_read(struct counts *c);

/*
 * counts_print - a row's last line: "row NAME units N ok", then for ctxt, processes, intr and
 * pgfault what it was before the region and what it was after.
 */
void counts_print(const char *name, unsigned units, const struct counts *before,
		  const struct counts *after);

#endif
