/* SPDX-License-Identifier: GPL-2.0-only */
/* The report on its way out, see report_out.h. */
#include "firmware/console.h"
#include "firmware/file.h"
#include "firmware/memory.h"
#include "firmware/ports.h"
#include "firmware/volume.h"
#include "report/report.h"
#include "report/torture_report.h"
#include "report_out.h"

/* Writes the report; where @done is NULL, what stands for it while the run is on. */
static EFI_STATUS make_report(struct report_out *o, const struct run *r,
			      const struct run *done)
{
	char *bytes = pool_get(report_room(r));
	struct memory_sink m = memory_sink(bytes, bytes ? report_room(r) : 0);
	EFI_STATUS st;

	report_json(done, o->config, o->env, o->found, &m.sink);
	if (m.sink.failed)
		st = bytes ? EFI_BUFFER_TOO_SMALL : EFI_OUT_OF_RESOURCES;
	else if (done)
		st = report_file_finish(&o->file, m.bytes, m.len, m.room);
	else
		st = report_file_make(&o->file, o->env, m.bytes, m.len, report_room(r));
	pool_put(bytes);
	return st;
}

/* Where the report is, or why it is nowhere. */
static void say_saved(const struct report_file *f, EFI_STATUS saved)
{
	const char *where = ports_any() ? "the serial port" : "the screen";

	if (EFI_ERROR(saved) && saved != EFI_OUT_OF_RESOURCES
	    && saved != EFI_BUFFER_TOO_SMALL && volume_lacks())
		sink_printf(console, "The report is NOT saved: %s, so it went to %s "
				     "alone; to get one, start parapatch from a FAT "
				     "volume such as a stick.\n",
			    volume_lacks(), where);
	else if (EFI_ERROR(saved))
		sink_printf(console, "The report is NOT saved: %s; what is here is all there is.\n",
			    file_error(saved));
	else if (f->made)
		sink_printf(console, "Report: %s\n", f->name);
	if (f->made && !EFI_ERROR(saved) && f->left_running)
		sink_printf(console, "%s stays beside it; it is of the same run.\n",
			    f->running_name);
}

void report_out_begin(struct report_out *o, const struct run *r)
{
	o->file.made = false;
	o->saved = o->config->report ? make_report(o, r, NULL) : EFI_SUCCESS;
}

void report_out_end(struct report_out *o, const struct run *r)
{
	if (o->file.made)
		o->saved = make_report(o, r, r);
	say_saved(&o->file, o->saved);
}

void report_out_print(const struct report_out *o, const struct run *r)
{
	const struct torture *t = &o->found->torture;

	if (r->clock.id == CLOCK_tsc)
		serialise_table(t, console);
	report_table(r, o->env, console_columns(), console);
	report_lines(r, o->env, serial);
	torture_table(t, o->env->tsc_hz, console);
	torture_lines(t, o->env->tsc_hz, serial);
}
