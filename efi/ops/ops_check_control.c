/* SPDX-License-Identifier: GPL-2.0-only */
/* Checks of ops: control and debug registers. */
#include "machine/kept.h"
#include "ops_check_one.h"

#define CR0_TS		(1ul << 3)
#define CR4_TSD		(1ul << 2)

/* Debug registers. */

#define DR_CASES(CASE)	CASE(0) CASE(1) CASE(2) CASE(3) CASE(6) CASE(7)

static unsigned long dr_now(unsigned n)
{
	unsigned long value = 0;

	switch (n) {
#define CASE(i) case i: value = READ("mov %%db" #i ", %0"); break;
	DR_CASES(CASE)
#undef CASE
	}
	return value;
}

static void dr_set(unsigned n, unsigned long value)
{
	switch (n) {
#define CASE(i) case i: WRITE("mov %0, %%db" #i, value); break;
	DR_CASES(CASE)
#undef CASE
	}
}

/* While DR7 enables no breakpoint, DR0 to DR3 mean nothing. */
static bool debugger_is_there(void)
{
	return dr_now(7) & 0xff;
}

#define DEBUGGER	"a debugger has breakpoints set"

CHECK(get_debugreg)
{
	bool good;

	if (debugger_is_there())
		return not_run(c, DEBUGGER);
	good = paravirt_ops.get_debugreg(6) == dr_now(6)
		&& paravirt_ops.get_debugreg(7) == dr_now(7);
	for (unsigned n = 0; n < 4; n++) {
		unsigned long found = dr_now(n);

		dr_set(n, PATTERN + n);
		good &= paravirt_ops.get_debugreg(n) == PATTERN + n;
		dr_set(n, found);
	}
	return unless(good, "differs from MOV from DRn");
}

/* DR6 and DR7 are given what they hold. */
CHECK(set_debugreg)
{
	unsigned long found;
	bool good = true;

	if (debugger_is_there())
		return not_run(c, DEBUGGER);
	for (unsigned n = 0; n < 4; n++) {
		found = dr_now(n);
		paravirt_ops.set_debugreg(n, PATTERN + n);
		good &= dr_now(n) == PATTERN + n;
		dr_set(n, found);
	}
	for (unsigned n = 6; n < 8; n++) {
		found = dr_now(n);
		paravirt_ops.set_debugreg(n, found);
		good &= kept_same_dr(n, dr_now(n), found);
	}
	return unless(good, "DRn does not read back");
}

/* Control registers.  TS and TSD can be changed at will: no FPU instruction is
 * in this file, and TSD only concerns rings 1 to 3. */

CHECK(clts)
{
	unsigned long found = READ("mov %%cr0, %0"), now;

	WRITE("mov %0, %%cr0", found | CR0_TS);
	paravirt_ops.clts();
	now = READ("mov %%cr0, %0");
	WRITE("mov %0, %%cr0", found);
	return unless(kept_same_cr0(now, found & ~CR0_TS), "CR0.TS is still set");
}

CHECK(read_cr0)
{
	return unless(paravirt_ops.read_cr0() == READ("mov %%cr0, %0"),
		      "differs from MOV from CR0");
}

CHECK(write_cr0)
{
	unsigned long found = READ("mov %%cr0, %0"), now;

	paravirt_ops.write_cr0(found ^ CR0_TS);
	now = READ("mov %%cr0, %0");
	WRITE("mov %0, %%cr0", found);
	return unless(kept_same_cr0(now, found ^ CR0_TS), "CR0 does not read back");
}

CHECK(read_cr2)
{
	unsigned long found = READ("mov %%cr2, %0"), got;

	WRITE("mov %0, %%cr2", PATTERN);
	got = paravirt_ops.read_cr2();
	WRITE("mov %0, %%cr2", found);
	return unless(got == PATTERN, "differs from MOV from CR2");
}

CHECK(write_cr2)
{
	unsigned long found = READ("mov %%cr2, %0"), now;

	paravirt_ops.write_cr2(PATTERN);
	now = READ("mov %%cr2, %0");
	WRITE("mov %0, %%cr2", found);
	return unless(now == PATTERN, "CR2 does not read back");
}

CHECK(read_cr3)
{
	return unless(paravirt_ops.read_cr3() == READ("mov %%cr3, %0"),
		      "differs from MOV from CR3");
}

/* With TSD set, since under some firmware CR4 is 0. */
static const char *cr4_read(FN_u_v((*op)))
{
	unsigned long found = READ("mov %%cr4, %0"), got;

	WRITE("mov %0, %%cr4", found | CR4_TSD);
	got = op();
	WRITE("mov %0, %%cr4", found);
	return unless(got == (found | CR4_TSD), "differs from MOV from CR4");
}

CHECK(read_cr4)
{
	return cr4_read(paravirt_ops.read_cr4);
}

CHECK(read_cr4_safe)
{
	return cr4_read(paravirt_ops.read_cr4_safe);
}

CHECK(write_cr4)
{
	unsigned long found = READ("mov %%cr4, %0"), now;

	paravirt_ops.write_cr4(found ^ CR4_TSD);
	now = READ("mov %%cr4, %0");
	WRITE("mov %0, %%cr4", found);
	return unless(now == (found ^ CR4_TSD), "CR4 does not read back");
}
