/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MIX_MARKER_H
#define MIX_MARKER_H

/*
 * Marks that a program leaves for the recorder: a region begins, a unit of it ends, the
 * region ends.  For C and for the assembler; in user code or kernel code.
 *
 * A mark is a NOP of 7 bytes, 0F 1F 80 disp32: NOPL disp32(%eax) (%rax in 64-bit code).  It
 * touches no memory and no register, every CPU since the P6 has it, ring 3 may run it, and
 * compilers emit it with a displacement of 0 alone.  Source: Intel SDM Vol. 2B, "NOP--No
 * Operation".
 *
 *	MIX_BEGIN();
 *	for (i = 0; i < units; i++) {
 *		one unit;
 *		MIX_UNIT();
 *	}
 *	MIX_END();
 *
 * A mark is in no count.  What is between two marks is: a unit is what was executed since
 * the mark before (begin or unit).  What follows the last unit is the region's rest.
 * Regions are numbered from 1, in their order; a begin within a region, and a unit or an end
 * outside of one, are errors that the recorder says.  The same mark may be at several
 * places.
 */
#define MIX_TAG_BEGIN	0x70617201	/* "par", and a number */
#define MIX_TAG_END	0x70617202
#define MIX_TAG_UNIT	0x70617203

#ifdef __ASSEMBLER__

.macro mix_mark tag
	.byte	0x0f, 0x1f, 0x80
	.long	\tag
.endm

#else

#define MIX_TEXT(x)	#x
#define MIX_MARK(tag)	\
	asm volatile(".byte 0x0f, 0x1f, 0x80\n\t.long " MIX_TEXT(tag) : : : "memory")
#define MIX_BEGIN()	MIX_MARK(MIX_TAG_BEGIN)
#define MIX_UNIT()	MIX_MARK(MIX_TAG_UNIT)
#define MIX_END()	MIX_MARK(MIX_TAG_END)

#endif
#endif
