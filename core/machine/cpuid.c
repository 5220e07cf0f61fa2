/* SPDX-License-Identifier: GPL-2.0-only */
/* CPUID with its limits, and who it says the CPU is, see cpuid.h. */
#include "machine/cpuid.h"
#include "lib/mem.h"
#include "lib/printable.h"

#define BASE_HYPERVISOR	0x40000000u
#define BASE_EXTENDED	0x80000000u
#define LEAF1_HYPERVISOR (1u << 31)	/* ECX */
#define LEAF1_HTT	 (1u << 28)	/* EDX */

/* A range's largest leaf, if it is one of that range. */
static uint32_t limit(const struct cpuid *c, uint32_t base)
{
	uint32_t r[4];

	c->read(base, 0, r);
	return r[0] >= base && r[0] - base <= 0xffff ? r[0] : 0;
}

struct cpuid cpuid_open(void (*read)(uint32_t leaf, uint32_t sub, uint32_t r[4]))
{
	struct cpuid c = { .read = read };

	c.max_basic = limit(&c, 0);
	c.max_extended = limit(&c, BASE_EXTENDED);
	if (cpuid_reg(&c, 1, 0, CPUID_ECX) & LEAF1_HYPERVISOR) {
		c.max_hypervisor = limit(&c, BASE_HYPERVISOR);
		/* Old KVM says 0 there, and has the signature all the same. */
		if (!c.max_hypervisor)
			c.max_hypervisor = BASE_HYPERVISOR;
	}
	return c;
}

static uint32_t max_of(const struct cpuid *c, uint32_t leaf)
{
	if (leaf >= BASE_EXTENDED)
		return c->max_extended;
	return leaf >= BASE_HYPERVISOR ? c->max_hypervisor : c->max_basic;
}

bool cpuid_get(const struct cpuid *c, uint32_t leaf, uint32_t sub, uint32_t r[4])
{
	if (leaf > max_of(c, leaf)) {
		memset(r, 0, 4 * sizeof(*r));
		return false;
	}
	c->read(leaf, sub, r);
	return true;
}

uint32_t cpuid_reg(const struct cpuid *c, uint32_t leaf, uint32_t sub, unsigned reg)
{
	uint32_t r[4];

	cpuid_get(c, leaf, sub, r);
	return r[reg];
}

void cpuid_id(const struct cpuid *c, struct cpu_id *id)
{
	uint32_t r[4], text[3];

	cpuid_get(c, 0, 0, r);
	text[0] = r[CPUID_EBX];
	text[1] = r[CPUID_EDX];
	text[2] = r[CPUID_ECX];
	memcpy(id->vendor_bytes, text, sizeof(text));
	printable(id->vendor, sizeof(id->vendor), text, sizeof(text));
	cpuid_get(c, 1, 0, r);
	id->family = r[CPUID_EAX] >> 8 & 0xf;
	id->model = r[CPUID_EAX] >> 4 & 0xf;
	id->stepping = r[CPUID_EAX] & 0xf;
	if (id->family == 6 || id->family == 15)
		id->model |= r[CPUID_EAX] >> 12 & 0xf0;
	if (id->family == 15)
		id->family += r[CPUID_EAX] >> 20 & 0xff;
}

bool cpu_vendor_is(const struct cpu_id *id, const char *vendor)
{
	return !memcmp(id->vendor, vendor, 12);
}

void cpuid_hypervisor(const struct cpuid *c, char name[13])
{
	uint32_t r[4];

	name[0] = '\0';
	if (!cpuid_get(c, BASE_HYPERVISOR, 0, r))
		return;
	printable(name, 13, r + CPUID_EBX, 12);
	if (!name[0])
		memcpy(name, "unnamed", 8);
}

void cpuid_brand(const struct cpuid *c, char name[49])
{
	uint32_t r[3][4];

	name[0] = '\0';
	if (c->max_extended < 0x80000004)
		return;
	for (uint32_t i = 0; i < 3; i++)
		cpuid_get(c, 0x80000002 + i, 0, r[i]);
	printable(name, 49, r, sizeof(r));
}

static const char *const invented[] = {
#define INVENTED(begins) begins,
#include "list/invented.def"
#undef INVENTED
};

bool cpu_is_invented(const char *name)
{
	for (unsigned i = 0; i < sizeof(invented) / sizeof(invented[0]); i++) {
		const char *with = invented[i], *n = name;

		while (*with && *n == *with)
			n++, with++;
		if (!*with)
			return true;
	}
	return false;
}

/* Of the outermost level that leaf 0Bh lists; 0 where it lists none. */
static unsigned by_topology(const struct cpuid *c)
{
	unsigned n = 0;
	uint32_t r[4];

	for (uint32_t level = 0; level < 8; level++) {
		if (!cpuid_get(c, 0xb, level, r) || !(r[CPUID_ECX] >> 8 & 0xff))
			break;
		n = r[CPUID_EBX] & 0xffff;
	}
	return n;
}

unsigned cpuid_logical_cpus(const struct cpuid *c)
{
	unsigned n = by_topology(c);
	uint32_t r[4];

	if (n)
		return n;
	cpuid_get(c, 1, 0, r);
	n = r[CPUID_EDX] & LEAF1_HTT ? r[CPUID_EBX] >> 16 & 0xff : 1;
	return n ? n : 1;
}
