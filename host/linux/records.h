/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a kernel image says about its own patching: the records, whose they are, and
 * by which rules that kernel patches them.
 *
 * The layout of records changed from release to release, and nothing in an image
 * names it.  It is recognised by what only one layout makes sense of, for every
 * record; where that is not so, the image is refused.
 */
#ifndef RECORDS_H
#define RECORDS_H

#include "image.h"

/* How a kernel's own patcher decides. */
enum rule {
	/* A backend's hook has a table of forms by op; what is not in it becomes a
	 * direct call.  Until 5.12. */
	RULE_TABLE,
	/* By what the op's slot points to; forms are alternatives.  5.13 to 6.7. */
	RULE_POINTER,
	/* Likewise, but the call's record is an alternative too.  From 6.8. */
	RULE_DIRECT_CALL,
};

/* Layouts of .altinstructions.  LAYOUT(name, bytes, what). */
#define ALT_LAYOUTS(LAYOUT)						\
	LAYOUT(pointers, 12, "two pointers, u8 feature, lengths (2.6)")	\
	LAYOUT(padlen, 13, "two offsets, u16 feature, lengths and that of the padding (4.1 " \
			   "to 5.13)") \
	LAYOUT(offsets, 12, "two offsets, u16 feature with NOT in its bit 15, lengths (5.13 " \
			    "to 6.2 and releases with their fixes)") \
	LAYOUT(flags, 14, "two offsets, u16 feature, u16 flags, lengths (from 6.3)")

enum alt_layout {
#define LAYOUT(name, bytes, what) ALT_##name,
	ALT_LAYOUTS(LAYOUT)
#undef LAYOUT
	ALT_LAYOUT_COUNT
};

extern const char *const alt_layout_names[ALT_LAYOUT_COUNT];
extern const char *const alt_layout_what[ALT_LAYOUT_COUNT];

/* One record of .altinstructions. */
struct alt {
	uint64_t site, replacement;
	uint16_t feature;		/* the kernel's X86_FEATURE_ number */
	bool not, direct_call;		/* if it is absent; see RULE_DIRECT_CALL */
	uint8_t len, replacement_len;
};

/* X86_FEATURE_ALWAYS and X86_FEATURE_XENPV, the same in all kernels that have them. */
#define FEATURE_ALWAYS	(3 * 32 + 21)
#define FEATURE_XENPV	(8 * 32 + 16)
#define FEATURE_MAX	(64 * 32)

/* One paravirt site. */
struct para {
	uint64_t addr;
	struct section *in;	/* the section of instructions it lies in */
	size_t record;		/* its number among the records */
	uint64_t slot;		/* of the ops table: what it calls through */
	uint8_t type;		/* as the record has it */
	uint8_t op;		/* number of that slot, from kernel.table */
	uint8_t len;
	bool jump;		/* it jumps and does not call */
	bool pushes;		/* there is something before that */
};

struct op_naming;

/* Most slots: until 6.7 their number is a byte of a record. */
#define KERNEL_SLOTS	256

struct kernel {
	struct image *im;
	enum rule rule;
	const char *section;	/* that the paravirt sites' records are in */
	bool listed;		/* types are numbers of a list, not of slots */
	bool padded;		/* the last record is as long as the others */
	unsigned stride;	/* bytes from record to record */
	uint64_t table;		/* the ops table's address */
	uint64_t slots[KERNEL_SLOTS];	/* where each is; 0: between two tables */
	bool apart;		/* slots are in tables that are far from each other */
	unsigned ops;		/* slots that sites name: the highest and 1 */
	uint64_t nop;		/* the function that does nothing, see find_nop() */
	uint64_t bug;		/* RULE_DIRECT_CALL: what is called for an empty slot */
	struct op_naming *names;	/* by number, see ops.h */
	const char *symbols;	/* where its functions' names are from; NULL: nowhere */
	struct para *paras;	/* by record */
	const struct para **by_addr;
	size_t para_count;
	enum alt_layout alt_layout;
	struct alt *alts;	/* by record */
	size_t alt_count;
	size_t at_paras;	/* of them at paravirt sites */
};

/* What is not left to recognition. */
struct forced {
	int alt_layout;		/* enum alt_layout, or -1 */
	int rule;		/* enum rule, or -1 */
};

/* Refuses record @i of @section, whose site is at @site. */
__attribute__((format(printf, 5, 6)))
bool refuse_record(struct refusal *r, const char *section, size_t i,
		   uint64_t site, const char *format, ...);

#endif
