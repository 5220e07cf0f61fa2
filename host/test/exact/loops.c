/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ops in loops, without parapatch: loops.t boots this as a kernel of its own, ia32.
 *
 * Each loop goes N and 2N times around the native copy of an op, whose bytes are
 * parapatch.elf's, as kvm-unit-tests times an exit; the difference, less that of a loop
 * around nothing, is what N copies take.  One line an op, at COM1: its name, the TSC's
 * ticks for N copies.
 *
 * ops.h, which loops.t writes, has COPY(name, prepare) for each.
 */
#include <stddef.h>
#include <stdint.h>
#include "workload/workload.h"

#define N		1000u
#define COM1		0x3f8
#define EXIT_PORT	0xf4
#define WRITE_SLOT	1
#define MSR_SYSENTER_ESP 0x175

/* The segments in force, flat, and an IDT that no exception leaves. */
static const uint64_t gdt[] __attribute__((aligned(8))) = {
	0, 0x00cf9b000000ffff, 0x00cf93000000ffff,
};
struct dtr { uint16_t limit; uint32_t base; } __attribute__((packed));
static struct dtr gdtr = { sizeof(gdt) - 1, 0 }, idtr = { 0, 0 };

struct work work;

static void out(uint16_t port, uint8_t value)
{
	asm volatile("outb %0, %1" : : "a" (value), "Nd" (port));
}

static void say(const char *text)
{
	while (*text)
		out(COM1, (uint8_t)*text++);
}

static void say_number(uint32_t n)
{
	char digits[11], *at = digits + 10;

	*at = 0;
	do
		*--at = (char)('0' + n % 10);
	while (n /= 10);
	say(at);
}

static uint32_t rdtsc(void)
{
	uint32_t low;

	asm volatile("rdtsc" : "=a" (low) : : "edx", "memory");
	return low;
}

typedef void loop(unsigned times);

static uint32_t ticks(loop *f, unsigned times)
{
	uint32_t begin = rdtsc();

	f(times);
	return rdtsc() - begin;
}

/* Once before, for what only a first pass does. */
static uint32_t of_n(loop *f)
{
	f(1);
	return ticks(f, 2 * N) - ticks(f, N);
}

#define REGISTER(name, reg)						\
	static unsigned long name(void)					\
	{								\
		unsigned long value;					\
									\
		asm volatile("mov %%" #reg ", %0" : "=r" (value));	\
		return value;						\
	}
REGISTER(cr0, cr0)
REGISTER(cr2, cr2)
REGISTER(cr3, cr3)
REGISTER(cr4, cr4)
REGISTER(db0, db0)

/* What ops take, one after the other: memory; a register's own value. */
static void memory(void)
{
	for (unsigned i = 0; i < 4; i++)
		work.arg[i] = (unsigned long)&work.scratch[2 * i];
}

static void set_cr0(void) { work.arg[0] = cr0(); }
static void set_cr2(void) { work.arg[0] = cr2(); }
static void set_cr3(void) { work.arg[0] = cr3(); }
static void set_cr4(void) { work.arg[0] = cr4(); }
static void set_db0(void) { work.arg[1] = db0(); }
static void set_flags(void) { work.flags = 2; }	/* IF 0 */
static void set_iopl(void) { work.arg[0] = 0; }
static void set_msr(void) { work.arg[0] = MSR_SYSENTER_ESP; }
static void set_gdt(void) { work.arg[0] = (unsigned long)&gdtr; }
static void set_idt(void) { work.arg[0] = (unsigned long)&idtr; }
static void set_slot(void) { work.arg[1] = WRITE_SLOT; }

#define COPY(name, prepare) loop loop_##name;
#include "ops.h"
#undef COPY
loop loop_nothing;

static const struct { const char *name; loop *f; void (*prepare)(void); } ops[] = {
#define COPY(name, prepare) { #name, loop_##name, prepare },
#include "ops.h"
};

void kernel(void);
void kernel(void)
{
	uint32_t nothing;

	gdtr.base = (uint32_t)gdt;
	asm volatile("lgdt %0; lidt %1" : : "m" (gdtr), "m" (idtr));
	nothing = of_n(loop_nothing);
	for (size_t i = 0; i < sizeof(ops) / sizeof(*ops); i++) {
		memory();
		ops[i].prepare();
		say("loop ");
		say(ops[i].name);
		say(" ");
		say_number(of_n(ops[i].f) - nothing);
		say("\n");
	}
	say("end\n");
	out(EXIT_PORT, 0);
}
