/* SPDX-License-Identifier: GPL-2.0-only */
/* The NOPs that Linux pads with, see linux_nops.h. */
#include "linux_nops.h"

/* K8's, of Linux until 5.12: from 5 bytes on more than one instruction. */
static const struct nop_table nops_k8 = {
	.name = "k8", .max = 8, .seq = {
		[1] = "\x90", [2] = "\x66\x90", [3] = "\x66\x66\x90",
		[4] = "\x66\x66\x66\x90",
		[5] = "\x66\x66\x90\x66\x90",
		[6] = "\x66\x66\x90\x66\x66\x90",
		[7] = "\x66\x66\x66\x90\x66\x66\x90",
		[8] = "\x66\x66\x66\x90\x66\x66\x66\x90",
	}
};

#define NOPL_TO_8							\
	[1] = "\x90", [2] = "\x66\x90", [3] = "\x0f\x1f\x00",		\
	[4] = "\x0f\x1f\x40\x00", [5] = "\x0f\x1f\x44\x00\x00",		\
	[6] = "\x66\x0f\x1f\x44\x00\x00", [7] = "\x0f\x1f\x80\x00\x00\x00\x00", \
	[8] = "\x0f\x1f\x84\x00\x00\x00\x00\x00"

static const struct nop_table nops_8 = {
	.name = "nopl", .max = 8, .seq = { NOPL_TO_8 }
};

static const struct nop_table nops_11 = {
	.name = "nopl", .max = 11, .seq = {
		NOPL_TO_8,
		[9] = "\x2e\x0f\x1f\x84\x00\x00\x00\x00\x00",
		[10] = "\x66\x2e\x0f\x1f\x84\x00\x00\x00\x00\x00",
		[11] = "\x66\x66\x2e\x0f\x1f\x84\x00\x00\x00\x00\x00",
	}
};

#define I386_TO_7							\
	[1] = "\x90", [2] = "\x89\xf6", [3] = "\x8d\x76\x00",		\
	[4] = "\x8d\x74\x26\x00", [6] = "\x8d\xb6\x00\x00\x00\x00",	\
	[7] = "\x8d\xb4\x26\x00\x00\x00\x00"

/* Until 5.12, for a CPU of which nothing is known; and since. */
static const struct nop_table nops_i386_old = {
	.name = "i386", .max = 8, .seq = {
		I386_TO_7, [5] = "\x90\x8d\x74\x26\x00",
		[8] = "\x90\x8d\xb4\x26\x00\x00\x00\x00",
	}
};

static const struct nop_table nops_i386 = {
	.name = "i386", .max = 8, .seq = {
		I386_TO_7, [5] = "\x3e\x8d\x74\x26\x00",
		[8] = "\x3e\x8d\xb4\x26\x00\x00\x00\x00",
	}
};

const struct nop_table *linux_nops(const struct kernel *k, bool k8)
{
	if (k8)
		return &nops_k8;
	if (k->im->isa == ISA_IA32)
		return k->rule == RULE_TABLE ? &nops_i386_old : &nops_i386;
	return k->alt_layout == ALT_flags ? &nops_11 : &nops_8;
}
