/* SPDX-License-Identifier: GPL-2.0-only */
/* The environment, asked of the CPU and of the firmware, see environment.h. */
#include "build.h"
#include "cpu/apic.h"
#include "cpu/control.h"
#include "cpu/counters.h"
#include "cpu/cpu.h"
#include "cpu/may_fault.h"
#include "cpu/ticks.h"
#include "firmware/firmware.h"
#include "firmware/secure_boot.h"
#include "gather.h"
#include "lib/printable.h"
#include "lib/sink.h"

/* Source: Intel SDM Vol. 3A, "Microcode Update Signature and Verification";
 * AMD64 APM Vol. 2, "Microcode Patch Level". */
#define MSR_MICROCODE	0x8b

extern const uint8_t __text_start[], __text_end[];

static void read_build(struct environment *env)
{
	env->version = BUILD_VERSION;
	env->arch = ARCH_NAME;
	env->compiler = "gcc " __VERSION__;
	env->flags = ARCH_FLAGS " " BUILD_FLAGS;
	env->text_addr = (uintptr_t)__text_start;
	env->text_len = (uintptr_t)__text_end - (uintptr_t)__text_start;
	env->ops_addr = (uintptr_t)&paravirt_ops;
}

static void read_date(struct environment *env)
{
	EFI_TIME t;

	if (EFI_ERROR(firmware.st->RuntimeServices->GetTime(&t, NULL)))
		return;
	text_format(env->date, sizeof(env->date), "%04u-%02u-%02uT%02u:%02u:%02u",
		    t.Year, t.Month, t.Day, t.Hour, t.Minute, t.Second);
}

static void read_firmware(struct environment *env)
{
	const CHAR16 *name = firmware.st->FirmwareVendor;
	char ascii[sizeof(env->firmware_vendor)];
	size_t n = 0;

	for (; name && name[n] && n < sizeof(ascii); n++)
		ascii[n] = name[n] < 127 ? (char)name[n] : '?';
	printable(env->firmware_vendor, sizeof(env->firmware_vendor), ascii, n);
	env->firmware_revision = firmware.st->FirmwareRevision;
	env->uefi_revision = firmware.st->Hdr.Revision;
	env->secure_boot = secure_boot_on() ? "on" : "off";
	text_format(env->firmware, sizeof(env->firmware), "%s 0x%x",
		    env->firmware_vendor, (unsigned)env->firmware_revision);
}

/* Intel's is the high half, fresh after CPUID has filled it; AMD's is the low. */
static void read_microcode(struct environment *env)
{
	bool intel = cpu_vendor_is(&env->cpu, "GenuineIntel");
	bool amd = cpu_vendor_is(&env->cpu, "AuthenticAMD")
		|| cpu_vendor_is(&env->cpu, "HygonGenuine");
	uint32_t r[4];
	uint64_t v;

	env->microcode_why = NULL;
	if (!intel && !amd)
		env->microcode_why = "not known how this vendor's is read";
	else if (intel && !msr_write(MSR_MICROCODE, 0))
		env->microcode_why = "WRMSR: #GP";
	if (env->microcode_why)
		return;
	cpu_cpuid(1, 0, r);
	if (!msr_read(MSR_MICROCODE, &v))
		env->microcode_why = "RDMSR: #GP";
	else
		env->microcode = (uint32_t)(intel ? v >> 32 : v);
}

static void read_control(struct control_state *c)
{
	unsigned long cr4 = cpu_cr4();

	c->pge = cr4 & CR4_PGE;
	c->pcide = cr4 & CR4_PCIDE;
	c->umip = cr4 & CR4_UMIP;
	if (!apic_learn())
		c->apic = "off";
	else
		c->apic = apic_is_x2() ? "x2apic" : "xapic";
}

static void read_cycles(struct environment *env, const struct cpuid *c)
{
	const struct cycles_source cycles = counters_open(c);

	counters_close();
	env->cycles = cycles.name;
	text_format(env->cycles_why, sizeof(env->cycles_why), "%s",
		    cycles.why_not_better);
}

void environment_gather(struct environment *env)
{
	const struct cpuid c = cpuid_open(cpu_cpuid);

	read_build(env);
	read_date(env);
	read_firmware(env);
	smbios_gather(&env->smbios);
	environment_cpu(env, &c);
	env->emulator = emulator_here(env->brand);
	read_microcode(env);
	read_control(&env->control);
	clock_gather(env->tsc_sources, &c);
	environment_tsc(env);
	ticks_learn(env->tsc_hz);
	read_cycles(env, &c);
}
