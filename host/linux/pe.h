/* SPDX-License-Identifier: GPL-2.0-only */
/* The sections of a PE file. */
#ifndef PE_H
#define PE_H

#include <stddef.h>
#include <stdint.h>
#include "refusal.h"

/* A PE file: an EFI application, and so a unified kernel image.  Source: Microsoft, PE
 * Format. */
struct pe {
	const uint8_t *bytes;
	size_t len;
	unsigned machine;
	size_t sections, count;	/* where their headers are, and how many */
};

bool pe_open(struct pe *pe, const uint8_t *bytes, size_t len);

/* A section's bytes, of the first one of that name.  False: there is none, or @r says what
 * is wrong with it. */
bool pe_section(const struct pe *pe, const char *name, const uint8_t **at, size_t *len,
		struct refusal *r);
bool pe_has(const struct pe *pe, const char *name);

#endif
