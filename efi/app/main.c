/* SPDX-License-Identifier: GPL-2.0-only */
/* The application, from the firmware's call to its return. */
#include "away/away_cpu.h"
#include "configure.h"
#include "cpu/attempt.h"
#include "cpu/cet.h"
#include "cpu/counters.h"
#include "cpu/cpu.h"
#include "cpu/serialise.h"
#include "exit.h"
#include "firmware/console.h"
#include "firmware/firmware.h"
#include "firmware/ports.h"
#include "gather/gather.h"
#include "mp/mp_loan.h"
#include "ops/loan.h"
#include "paravirt/pv_memory.h"
#include "quiet/disturbances.h"
#include "quiet/lfence_loan.h"
#include "quiet/quiet.h"
#include "report/environment_report.h"
#include "report/report.h"
#include "ring3/ring3_loan.h"
#include "session.h"
#include "writer/writer_open.h"

static struct config config;
static struct environment env;

static void trapped(enum op op)
{
	if (mp_is_other())
		away_fall("an op was called that has no meaning here, or could not do "
			  "its work");
	attempts_forget();
	loans_end();
	ring3_end();
	quiet_abort();
	sink_printf(console, "parapatch: op %s was called: %s\n", op_info[op].name,
		    op_info[op].class == OP_CLASS_trap
		    ? "it has no meaning in a UEFI application, nothing here may call it"
		    : "what it needs was not prepared, or it could not do its work");
	session_unload();
	app_end(config.exit, EXIT_WORD_REFUSED, "trapped");
	session_put();
	cet_put_back();
	firmware.bs->Exit(firmware.image, EFI_UNSUPPORTED, 0, NULL);
	/* What called the op has nothing left to go on with. */
	for (;;)
		asm volatile("cli; hlt");
}

static void say_environment(void)
{
	char mhz[24];
	uint64_t khz = env.tsc_hz / 1000;

	text_format(mhz, sizeof(mhz), "%u.%03u", (unsigned)(khz / 1000),
		    (unsigned)(khz % 1000));
	sink_printf(console, "parapatch %s %s: %s%s%s\n", env.version, env.arch,
		    env.brand[0] ? env.brand : env.cpu.vendor,
		    env.hypervisor[0] ? ", hypervisor " : "", env.hypervisor);
	if (env.emulator.name && !env.hypervisor[0])
		sink_printf(console, "No CPU runs this, an emulator does: %s (by: %s)\n",
			    env.emulator.name, env.emulator.sign);
	sink_printf(console, "TSC %s MHz by %s%s; %s\n", mhz, env.tsc_source,
		    env.invariant_tsc ? "" : ", not said to be invariant",
		    env.firmware);
	if (env.tsc.doubt[0])
		sink_printf(console, "TSC in doubt: %s\n", env.tsc.doubt);
}

EFI_STATUS EFIAPI efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *st);

EFI_STATUS EFIAPI efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *st)
{
	const struct cpuid cpuid = cpuid_open(cpu_cpuid);
	const char *lacks = cpu_lacks();
	struct cycles_source cycles;
	const char *why;

	app_begin();
	firmware = (struct firmware){ image, st, st->BootServices };
	firmware.bs->SetWatchdogTimer(0, 0, 0, NULL);
	console_open();
	config_preset(&config);
	op_trap_install(trapped);
	pv_memory_open();
	sink_printf(console, "\n");
	switch (configure(&config)) {
	case CONFIGURED:
		break;
	case CONFIGURED_HELP:
		return app_end(config.exit, EXIT_WORD_OK, "help");
	case CONFIGURED_BADLY:
		return app_end(config.exit, EXIT_WORD_BAD_CONFIG, "bad-config");
	}
	if (lacks) {
		sink_printf(console, "parapatch: this CPU lacks %s; it cannot be "
				     "measured here\n", lacks);
		return app_end(config.exit, EXIT_WORD_REFUSED, "refused");
	}
	serialise_choose();
	environment_gather(&env);
	disturbances_learn(&env.cpu);
	lfence_learn(&env.cpu);
	env.text_written.cet = cet_before ? "on, switched off for the run" : "off";
	/* app_end() closes it */
	why = writer_open(config.text == TEXT_READONLY, &env.text_written);
	environment_lines(&env, serial);
	say_environment();
	if (why) {
		sink_printf(console, "parapatch: %s; nothing was patched\n", why);
		return app_end(config.exit, EXIT_WORD_REFUSED, "refused");
	}
	cycles = counters_open(&cpuid);		/* app_end() closes them */
	return session(&config, &env, &cycles);
}
