/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is where in the guest: a text file, a line each, "#" begins a comment.
 *
 *	site ADDRESS OP LENGTH			a call site of the ops table, of so many bytes
 *	entry KIND NAME ADDRESS [LENGTH]	a handler's first instruction, or a table of such
 *	watch NAME ADDRESS			executions of this instruction are counted
 *	mark begin|unit|end ADDRESS		it marks, as a NOP of marker.h does
 *
 * KIND is what comes there: interrupt, fault, or call (INT n of a program, SYSCALL, SYSENTER).
 * Addresses are virtual ones, as the guest executes them, in hexadecimal with or without 0x.
 */
#ifndef MIX_SITES_H
#define MIX_SITES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "opcode.h"

enum entry_kind { ENTRY_INTERRUPT, ENTRY_FAULT, ENTRY_CALL };

/* Bytes from @at on. */
struct place {
	uint64_t at, len;
	unsigned what;		/* an index of names, or an enum mark */
	enum entry_kind kind;	/* of entries */
};

struct places {
	struct place *of;	/* by address; no two overlap */
	size_t count, room;
};

struct names {
	char **of;
	size_t count;
};

struct sites {
	struct places sites, entries, watches, marks;
	struct names ops, entry_names, watch_names;	/* each name once */
};

#define SITE_NAMES_MAX	1024	/* of each kind */
#define SITE_ERROR_MAX	256

/**
 * sites_read - read the file.
 * @name: what messages call it.
 * @error: what is wrong, with the line's number, if so.
 *
 * Return: false if a line is not as above, or two of a kind overlap.  sites_free() gives
 * back what was read, in both cases.
 */
bool sites_read(struct sites *s, FILE *from, const char *name, char error[SITE_ERROR_MAX]);
void sites_free(struct sites *s);

/* The place that @at is in, or NULL. */
const struct place *place_at(const struct places *p, uint64_t at);

#endif
