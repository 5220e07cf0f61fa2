/* SPDX-License-Identifier: GPL-2.0-only */
/* NOP tables and padding. */
#include <stdbool.h>
#include <stddef.h>
#include "lib.h"
#include "nop.h"

/* No CPU objects to these; 64-bit mode does, they clear the top of ESI. */
static const struct nop_table nops_i386 = {
	.name = "i386", .max = 7, .seq = {
		[1] = "\x90",
		[2] = "\x89\xf6",
		[3] = "\x8d\x76\x00",
		[4] = "\x8d\x74\x26\x00",
		/* lea with a segment override: one instruction of five */
		[5] = "\x3e\x8d\x74\x26\x00",
		[6] = "\x8d\xb6\x00\x00\x00\x00",
		[7] = "\x8d\xb4\x26\x00\x00\x00\x00",
	}
};

/* Operand-size prefixes before 90.  Linux 5.4 stops at three of them because
 * K8 decodes no more at once; the CPUs that get this table are not K8s. */
static const struct nop_table nops_prefix = {
	.name = "prefix", .max = 11, .seq = {
		[1] = "\x90",
		[2] = "\x66\x90",
		[3] = "\x66\x66\x90",
		[4] = "\x66\x66\x66\x90",
		[5] = "\x66\x66\x66\x66\x90",
		[6] = "\x66\x66\x66\x66\x66\x90",
		[7] = "\x66\x66\x66\x66\x66\x66\x90",
		[8] = "\x66\x66\x66\x66\x66\x66\x66\x90",
		[9] = "\x66\x66\x66\x66\x66\x66\x66\x66\x90",
		[10] = "\x66\x66\x66\x66\x66\x66\x66\x66\x66\x90",
		[11] = "\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x90",
	}
};

/* The multi-byte NOP, 0f 1f /0; 9 to 11 by prefixes, as Linux has them.  More
 * than three prefixes cost some decoders dearly. */
static const struct nop_table nops_nopl = {
	.name = "nopl", .max = 11, .seq = {
		[1] = "\x90",
		[2] = "\x66\x90",
		[3] = "\x0f\x1f\x00",
		[4] = "\x0f\x1f\x40\x00",
		[5] = "\x0f\x1f\x44\x00\x00",
		[6] = "\x66\x0f\x1f\x44\x00\x00",
		[7] = "\x0f\x1f\x80\x00\x00\x00\x00",
		[8] = "\x0f\x1f\x84\x00\x00\x00\x00\x00",
		[9] = "\x66\x0f\x1f\x84\x00\x00\x00\x00\x00",
		[10] = "\x66\x66\x0f\x1f\x84\x00\x00\x00\x00\x00",
		[11] = "\x66\x66\x66\x0f\x1f\x84\x00\x00\x00\x00\x00",
	}
};

const struct nop_table *const nop_tables[] = {
	&nops_i386, &nops_prefix, &nops_nopl, NULL
};

const struct padding_info paddings[PADDING_COUNT] = {
#define PADDING(name, timed, what) { #name, what, timed },
#include "padding.def"
#undef PADDING
};

struct nop_table nop_padding(const struct nop_table *t, enum padding_id padding)
{
	struct nop_table of = *t;

	of.padding = padding;
	return of;
}

static bool vendor_is(const struct cpu_id *id, const char *vendor)
{
	return memcmp(id->vendor, vendor, 12) == 0;
}

/* Family 6 models whose decoders take prefixed NOPs faster than 0f 1f. */
static bool intel_prefers_prefix(const struct cpu_id *id)
{
	bool atom = id->model == 0x1c || id->model == 0x26 || id->model == 0x27;

	return id->family == 6 && id->model >= 0x0f && id->model < 0x30 && !atom;
}

static const struct nop_table *for_ia32(const struct cpu_id *id)
{
	/* No CPUID bit announces 0f 1f; these are documented to have it. */
	bool nopl = (vendor_is(id, "GenuineIntel") || vendor_is(id, "AuthenticAMD")
		     || vendor_is(id, "HygonGenuine"))
		&& (id->family == 6 || id->family >= 15);

	if (vendor_is(id, "AuthenticAMD") && id->family < 15)
		nopl = false;
	return nopl ? &nops_nopl : &nops_i386;
}

const struct nop_table *nop_table_for(enum isa isa, const struct cpu_id *id)
{
	if (vendor_is(id, "GenuineIntel") && intel_prefers_prefix(id))
		return &nops_prefix;
	return isa == ISA_X86_64 ? &nops_nopl : for_ia32(id);
}

unsigned nop_fill(const struct nop_table *t, uint8_t *buf, unsigned len)
{
	unsigned n = 0;

	for (; len; n++) {
		unsigned k = len < t->max ? len : t->max;

		memcpy(buf, t->seq[k], k);
		buf += k;
		len -= k;
	}
	return n;
}
