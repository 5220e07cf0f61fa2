/* SPDX-License-Identifier: GPL-2.0-only */
/* The application, from the firmware's call to its return. */
#include "app.h"
#include "build.h"
#include "lib.h"
#include "native.h"
#include "ops_check.h"
#include "report.h"
#include "run.h"

struct app app;

/* TSC when the firmware called. */
static uint64_t began;

/* What QEMU's isa-debug-exit is told; disk/run.sh knows the same words. */
enum ending {
	VERDICT_OK = 0x10,
	VERDICT_CHECK_FAILED = 0x11,
	VERDICT_BAD_CONFIG = 0x12,
	VERDICT_REFUSED = 0x13,
	VERDICT_NOT_SAVED = 0x14,
};
#define DEBUG_EXIT_PORT	0xf4

/* A window of measuring ends with the first batch after this: the firmware keeps
 * its clock and its keyboard. */
#define QUIET_MS	15

extern const uint8_t __text_start[], __text_end[];

/* Leaves, as the configuration says.  Returns only where that is to return to
 * the firmware. */
static void leave(enum ending v)
{
	if (app.config.exit == EXIT_DEBUG)
		cpu_out32(DEBUG_EXIT_PORT, v);
	if (app.config.exit == EXIT_SHUTDOWN)
		app.st->RuntimeServices->ResetSystem(EfiResetShutdown,
						     EFI_SUCCESS, 0, NULL);
	if (app.config.exit == EXIT_KEY) {
		sink_printf(console, "Press a key to return to the firmware.\n");
		console_key();
	}
}

static EFI_STATUS end(enum ending v, const char *status)
{
	uint64_t khz = app.env.tsc_hz / 1000;
	uint64_t ms = khz ? (cpu_tsc_begin() - began) / khz : 0;

	sink_printf(serial, "parapatch end status=%s app_ms=%u\n", status,
		    (unsigned)ms);
	leave(v);
	return v == VERDICT_OK ? EFI_SUCCESS : EFI_ABORTED;
}

static void trapped(enum op op)
{
	quiet_abort();
	sink_printf(console, "parapatch: op %s was called: %s\n", op_info[op].name,
		    op_info[op].class == OP_CLASS_trap
		    ? "it has no meaning in a UEFI application, nothing here may call it"
		    : "what it needs was not prepared, or it could not do its work");
	end(VERDICT_REFUSED, "trapped");
	app.bs->Exit(app.image, EFI_UNSUPPORTED, 0, NULL);
}

/* The configuration, or a line that says why there is none. */
static bool read_config(void)
{
	struct config_error e;
	char *bytes;
	size_t len;
	EFI_STATUS st = file_read((const CHAR16 *)L"\\parapatch.cfg", &bytes, &len);
	bool ok;

	if (st == EFI_NOT_FOUND) {
		sink_printf(console, "No \\parapatch.cfg: the presets are used.\n");
		return true;
	}
	if (EFI_ERROR(st)) {
		sink_printf(console, "parapatch: \\parapatch.cfg cannot be read: %s; "
			    "the presets are used, write the stick anew\n",
			    file_error(st));
		return true;
	}
	ok = config_parse(&app.config, bytes, len, &e);
	if (!ok)
		sink_printf(console, "parapatch: \\parapatch.cfg line %u: %s\n",
			    e.line, e.text);
	pool_put(bytes);
	return ok;
}

static void read_date(struct environment *env)
{
	EFI_TIME t;

	if (EFI_ERROR(app.st->RuntimeServices->GetTime(&t, NULL)))
		return;
	text_format(env->date, sizeof(env->date), "%04u-%02u-%02uT%02u:%02u:%02u",
		    t.Year, t.Month, t.Day, t.Hour, t.Minute, t.Second);
}

static void read_firmware(struct environment *env)
{
	char vendor[60];
	size_t i;

	for (i = 0; i < sizeof(vendor) - 1 && app.st->FirmwareVendor
	     && app.st->FirmwareVendor[i]; i++)
		vendor[i] = app.st->FirmwareVendor[i] < 127
			? (char)app.st->FirmwareVendor[i] : '?';
	vendor[i] = '\0';
	text_format(env->firmware, sizeof(env->firmware), "%s 0x%x", vendor,
		    (unsigned)app.st->FirmwareRevision);
}

static void read_environment(struct environment *env)
{
	env->version = BUILD_VERSION;
	env->arch = ARCH_NAME;
	env->compiler = "gcc " __VERSION__;
	env->flags = ARCH_FLAGS " " BUILD_FLAGS;
	env->text_addr = (uintptr_t)__text_start;
	env->text_len = (uintptr_t)__text_end - (uintptr_t)__text_start;
	cpu_identify(env);
	read_date(env);
	read_firmware(env);
	clock_calibrate(env);
}

static void say_environment(const struct environment *env)
{
	char mhz[24];
	uint64_t khz = env->tsc_hz / 1000;

	text_format(mhz, sizeof(mhz), "%u.%03u", (unsigned)(khz / 1000),
		    (unsigned)(khz % 1000));
	sink_printf(console, "parapatch %s %s: %s%s%s\n", env->version, env->arch,
		    env->brand[0] ? env->brand : env->cpu.vendor,
		    env->hypervisor[0] ? ", hypervisor " : "", env->hypervisor);
	sink_printf(console, "TSC %s MHz by %s%s; %s\n", mhz, env->tsc_source,
		    env->invariant_tsc ? "" : ", not said to be invariant",
		    env->firmware);
}

static void say_op(void *ctx, enum op op, const char *result, const char *why)
{
	struct environment *env = ctx;

	env->ops.note[env->ops.notes++] = (struct op_note){
		op_info[op].name, result, why ? why : "" };
	sink_printf(serial, "op name=%s result=\"%s\" why=\"%s\"\n",
		    op_info[op].name, result, why ? why : "");
	if (result[0] == 'f')
		sink_printf(console, "op %s failed: %s\n", op_info[op].name,
			    why ? why : "");
}

/* Every op of the table, once.  False: one of them does not do what it says. */
static bool check_ops(struct environment *env)
{
	static struct ops_check r;
	const struct ops_check_env with = {
		.tsc_hz = env->tsc_hz,
		.timer_start = cpu_flags() & FLAGS_IF ? timer_start : NULL,
		.timer_stop = timer_stop, .timer_count = timer_count,
	};

	if (!quiet_begin(NULL)) {
		sink_printf(console, "parapatch: the interrupt controllers did not take their masks\n");
		return false;
	}
	ops_check(&r, &with);
	quiet_end(NULL);
	ops_check_say(&r, say_op, env);
	env->ops.checked = r.counts.checked;
	env->ops.failed = r.counts.failed;
	env->ops.not_run = r.counts.not_run;
	env->ops.trapping = r.counts.trapping;
	sink_printf(console, "%u ops: %u checked, %u failed, %u not run, %u without meaning here\n",
		    OP_COUNT, r.counts.checked, r.counts.failed,
		    r.counts.not_run, r.counts.trapping);
	return !r.counts.failed;
}

/* Opens the application's own text.  False: a line says what is wrong. */
static bool open_text(struct text *t, void **room)
{
	struct text_where w = {
		.isa = ARCH_ISA,
		.addr = app.env.text_addr,
		.bytes = (uint8_t *)__text_start,
		.len = app.env.text_len,
		.sites_addr = (uintptr_t)__start_parainstructions,
		.sites = __start_parainstructions,
		.count = (size_t)(__stop_parainstructions - __start_parainstructions),
		.table = (uintptr_t)&paravirt_ops,
		.ops = OP_COUNT,
	};
	struct text_error e;

	*room = pool_get(text_room(&w));
	if (!*room) {
		sink_printf(console, "parapatch: no memory for the %u bytes of built bytes\n",
			    (unsigned)text_room(&w));
		return false;
	}
	if (text_open(t, &w, *room, text_room(&w), &e))
		return true;
	sink_printf(console, "parapatch: .parainstructions is corrupt, nothing was patched: ");
	if (e.record != TEXT_NO_RECORD)
		sink_printf(console, "record %u, site at 0x%llx: ",
			    (unsigned)e.record, (unsigned long long)e.addr);
	sink_printf(console, "%s; write the stick anew\n", e.why);
	return false;
}

static void progress(void *ctx, unsigned done, unsigned of)
{
	(void)ctx;
	console_progress(done, of);
}

static struct machine machine_here(void)
{
	return (struct machine){
		.begin = cpu_tsc_begin, .end = cpu_tsc_end,
		.flags = cpu_flags, .set_if = cpu_set_if,
		.quiet_begin = quiet_begin, .quiet_end = quiet_end,
		.quiet_ticks = app.env.tsc_hz / 1000 * QUIET_MS,
		.writer = &cpu_text_writer, .progress = progress,
	};
}

/* The memory of a run, in one piece each. */
static bool get_memory(struct run *r)
{
	size_t each = (size_t)r->config->rounds * r->config->batches;
	struct cell *cells = pool_get(r->cells * sizeof(*cells));
	bool ok;

	r->results = pool_get(r->cells * sizeof(*r->results));
	r->batches = pool_get(r->cells * each * sizeof(*r->batches));
	r->scratch = pool_get((each > r->cells ? each : r->cells)
			      * sizeof(*r->scratch));
	ok = cells && r->results && r->batches && r->scratch;
	if (ok) {
		memset(r->results, 0, r->cells * sizeof(*r->results));
		plan(r->config, cells);
		for (size_t i = 0; i < r->cells; i++)
			r->results[i].cell = cells[i];
	}
	pool_put(cells);
	if (!ok)
		sink_printf(console, "parapatch: no memory for %u cells of %u batches; "
			    "lower rounds or batches in \\parapatch.cfg\n",
			    (unsigned)r->cells, (unsigned)each);
	return ok;
}

static void put_memory(struct run *r)
{
	pool_put(r->results);
	pool_put(r->batches);
	pool_put(r->scratch);
}

/* Bytes that no report of this plan exceeds: a batch is two numbers of at most
 * ten digits and their commas. */
static size_t report_room(const struct run *r)
{
	return 16384 + r->cells * (4096 + (size_t)r->config->rounds
				   * r->config->batches * 22);
}

/* Writes the report; where @done is NULL, what stands for it while the run is on. */
static EFI_STATUS make_report(const struct run *r, const struct run *done,
			      struct report_file *f)
{
	char *bytes = pool_get(report_room(r));
	struct memory_sink m = memory_sink(bytes, bytes ? report_room(r) : 0);
	EFI_STATUS st;

	report_json(done, &app.config, &app.env, &m.sink);
	if (m.sink.failed)
		st = bytes ? EFI_BUFFER_TOO_SMALL : EFI_OUT_OF_RESOURCES;
	else if (done)
		st = report_file_finish(f, m.bytes, m.len);
	else
		st = report_file_make(f, m.bytes, m.len, report_room(r));
	pool_put(bytes);
	return st;
}

static void print_results(const struct run *r)
{
	report_table(r, &app.env, console);
	report_lines(r, &app.env, serial);
}

/* Measures what the configuration asks for, and reports it. */
static EFI_STATUS run(struct run *r, bool ops_ok)
{
	struct report_file file = { .made = false };
	EFI_STATUS saved = EFI_SUCCESS;
	struct run_error e;
	unsigned refused;

	if (app.config.report)
		saved = make_report(r, NULL, &file);
	if (!run_all(r, &e))
		sink_printf(console, "\nparapatch: ended early: %s\n", e.text);
	print_results(r);
	if (file.made)
		saved = make_report(r, r, &file);
	if (EFI_ERROR(saved))
		sink_printf(console, "The report is NOT saved: %s; what is here is all there is.\n",
			    file_error(saved));
	else if (file.made)
		sink_printf(console, "Report: %s\n", file.name);
	refused = run_refused(r);
	sink_printf(serial, "parapatch run cells=%u refused=%u report=%s\n",
		    (unsigned)r->cells, refused, 
		    file.made && !EFI_ERROR(saved) ? file.name : "none");
	if (r->failed)
		return end(VERDICT_REFUSED, "failed");
	if (refused || !ops_ok || app.env.check_failed)
		return end(VERDICT_CHECK_FAILED, "check-failed");
	if (EFI_ERROR(saved))
		return end(VERDICT_NOT_SAVED, "not-saved");
	return end(VERDICT_OK, "complete");
}

static EFI_STATUS work(void)
{
	const struct machine m = machine_here();
	struct run r = { .config = &app.config, .machine = &m };
	struct text text;
	void *room = NULL;
	EFI_STATUS st = EFI_ABORTED;
	bool ops_ok;

	r.cells = plan(&app.config, NULL);
	if (!r.cells) {
		sink_printf(console, "parapatch: \\parapatch.cfg: no cell has such a mode and convention; "
			    "mode native goes with convention native, the others with seed and ccall\n");
		return end(VERDICT_BAD_CONFIG, "bad-config");
	}
	app.env.check_failed = quiet_check();
	if (app.env.check_failed)
		sink_printf(console, "parapatch: a quiet window does not put back %s\n",
			    app.env.check_failed);
	ops_ok = check_ops(&app.env);
	r.nops = nop_table_for(ARCH_ISA, &app.env.cpu);
	r.text = &text;
	if (open_text(&text, &room) && get_memory(&r))
		st = run(&r, ops_ok);
	else
		st = end(VERDICT_REFUSED, "refused");
	put_memory(&r);
	pool_put(room);
	return st;
}

EFI_STATUS EFIAPI efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *st);

EFI_STATUS EFIAPI efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *st)
{
	const char *lacks = cpu_lacks();

	began = lacks ? 0 : cpu_tsc_begin();
	app.image = image;
	app.st = st;
	app.bs = st->BootServices;
	app.bs->SetWatchdogTimer(0, 0, 0, NULL);
	console_open();
	config_preset(&app.config);
	op_trap_install(trapped);
	sink_printf(console, "\n");
	if (!read_config())
		return end(VERDICT_BAD_CONFIG, "bad-config");
	if (lacks) {
		sink_printf(console, "parapatch: this CPU lacks %s; it cannot be measured here\n", lacks);
		return end(VERDICT_REFUSED, "refused");
	}
	read_environment(&app.env);
	say_environment(&app.env);
	return work();
}
