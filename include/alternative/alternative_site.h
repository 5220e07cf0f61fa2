/* SPDX-License-Identifier: GPL-2.0-only */
/* A site with alternatives: the bytes, and the entries that say what else it may be. */
#ifndef ALTERNATIVE_SITE_H
#define ALTERNATIVE_SITE_H

/*
 * A feature's number as an assembler symbol, ALT_<name>: from feature.def, then from
 * synthetic.def.  Flags are a number: 1 NOT, 2 DIRECT_CALL (alternative.h).
 */
#ifdef __ASSEMBLER__

.set alt_counter, 0
.macro alternative_symbol name
	.set	ALT_\name, alt_counter
	.set	alt_counter, alt_counter + 1
.endm
#define FEATURE(name, leaf, sub, reg, bit) alternative_symbol name;
#define ALSO(name, leaf, sub, reg, bit)
#include "list/feature.def"
#undef FEATURE
#undef ALSO
#define SYNTHETIC(name, what) alternative_symbol name;
#include "list/synthetic.def"
#undef SYNTHETIC

/* The site's end is padded where a replacement, between two labels, is longer than
 * it.  (True is -1.) */
.macro alternative_pad begin, end
	.skip	-(((\end - \begin) - (. - 771b)) > 0) * ((\end - \begin) - (. - 771b)), 0x90
.endm

.macro alternative_entry begin, end, feature, flags
	.pushsection .altinstructions, "a"
	.balign	4
	.long	771b - .
	.long	\begin - .
	.short	\feature
	.short	\flags
	.byte	774b - 771b
	.byte	\end - \begin
	.short	0
	.popsection
.endm

/* alternative OLD, NEW, FEATURE, FLAGS: strings of instructions.  Uses the local
 * labels 771 to 776. */
.macro alternative old, new, feature, flags=0
771:	\old
	alternative_pad 775f, 776f
774:
	.pushsection .altinstr_replacement, "a"
775:	\new
776:
	.popsection
	alternative_entry 775b, 776b, \feature, \flags
.endm

/* Likewise with two: NEW2 before NEW1, where both may be.  Labels to 778. */
.macro alternative_2 old, new1, feature1, flags1, new2, feature2, flags2
771:	\old
	alternative_pad 775f, 776f
	alternative_pad 777f, 778f
774:
	.pushsection .altinstr_replacement, "a"
775:	\new1
776:
777:	\new2
778:
	.popsection
	alternative_entry 775b, 776b, \feature1, \flags1
	alternative_entry 777b, 778b, \feature2, \flags2
.endm

#else /* C */

#include <stdint.h>
#include "alternative/alternative.h"

asm(".set alt_counter, 0\n"
#define FEATURE(name, leaf, sub, reg, bit)				\
    ".set ALT_" #name ", alt_counter\n.set alt_counter, alt_counter + 1\n"
#define ALSO(name, leaf, sub, reg, bit)
#include "list/feature.def"
#undef FEATURE
#undef ALSO
#define SYNTHETIC(name, what)						\
    ".set ALT_" #name ", alt_counter\n.set alt_counter, alt_counter + 1\n"
#include "list/synthetic.def"
#undef SYNTHETIC
    );

#define ALT_PAD(begin, end)						\
	"\t.skip -(((" end " - " begin ") - (. - 771b)) > 0) * (("	\
	end " - " begin ") - (. - 771b)), 0x90\n"
#define ALT_ENTRY(begin, end, feature, flags)				\
	".pushsection .altinstructions,\"a\"\n"				\
	"\t.balign 4\n"							\
	"\t.long 771b - .\n"						\
	"\t.long " begin " - .\n"					\
	"\t.short ALT_" #feature "\n"					\
	"\t.short " #flags "\n"						\
	"\t.byte 774b - 771b\n"						\
	"\t.byte " end " - " begin "\n"					\
	"\t.short 0\n"							\
	".popsection\n"

/*
 * ALTERNATIVE(old, new, feature, flags) - a site as a string, for an asm statement.
 * @old, @new: strings of instructions.
 * @feature:   a name of feature.def or synthetic.def.
 */
#define ALTERNATIVE(old, new, feature, flags)				\
	"771:\n\t" old "\n" ALT_PAD("775f", "776f") "774:\n"		\
	".pushsection .altinstr_replacement,\"a\"\n"			\
	"775:\n\t" new "\n776:\n.popsection\n"				\
	ALT_ENTRY("775b", "776b", feature, flags)

/* Likewise with two: the second before the first, where both may be. */
#define ALTERNATIVE_2(old, new1, feature1, flags1, new2, feature2, flags2) \
	"771:\n\t" old "\n" ALT_PAD("775f", "776f") ALT_PAD("777f", "778f") \
	"774:\n"							\
	".pushsection .altinstr_replacement,\"a\"\n"			\
	"775:\n\t" new1 "\n776:\n777:\n\t" new2 "\n778:\n.popsection\n"	\
	ALT_ENTRY("775b", "776b", feature1, flags1)			\
	ALT_ENTRY("777b", "778b", feature2, flags2)

/*
 * The record.  Self-relative, so the table needs no relocation and is read-only; what
 * replacements need of them is made by the loader like the text's own, for they are
 * in the image's read-only data.
 */
struct alternative_record {
	int32_t site, replacement;	/* from each field itself */
	uint16_t feature, flags;
	uint8_t len, replacement_len;
	uint16_t zero;
};

_Static_assert(sizeof(struct alternative_record) == 16,
	       "ALTERNATIVE and alternative emit 16 bytes");

/**
 * alternative_read - a record as the engine knows entries.
 * @r:    the record, which is at @addr.
 *
 * What does not fit an entry (a flag of the upper byte, a last field that is not 0)
 * becomes a flag that alternative_check() refuses.
 */
struct alternative alternative_read(const struct alternative_record *r,
				    uint64_t addr);

#endif /* C */
#endif
