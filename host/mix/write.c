/* SPDX-License-Identifier: GPL-2.0-only */
/* A region that has ended, as JSON. */
#include <inttypes.h>
#include "record.h"

static const char *const group_names[GROUP_COUNT] = {
	[GROUP_INSTRUCTIONS] = "instructions", [GROUP_REPEATS] = "repeats",
	[GROUP_EVENTS] = "events", [GROUP_OPS] = "ops",
	[GROUP_OPCODES_KERNEL] = "opcodes_kernel", [GROUP_OPCODES_USER] = "opcodes_user",
	[GROUP_OPCODES_SITES] = "opcodes_sites", [GROUP_ENTRIES] = "entries",
	[GROUP_WATCHES] = "watches",
};

static const char *const instruction_names[] = { "kernel", "user", "site_rest" };
static const char *const repeat_names[] = {
	"kernel_runs", "kernel_iterations", "kernel_bytes",
	"user_runs", "user_iterations", "user_bytes",
};
static const char *const event_names[] = {
	"interrupts", "faults", "calls", "unlisted", "restarts",
};

static const char *counter_name(const struct record *r, enum group g, unsigned i)
{
	switch (g) {
	case GROUP_INSTRUCTIONS:
		return instruction_names[i];
	case GROUP_REPEATS:
		return repeat_names[i];
	case GROUP_EVENTS:
		return event_names[i];
	case GROUP_OPS:
		return record_op_name(r, i);
	case GROUP_ENTRIES:
		return r->sites->entry_names.of[i];
	case GROUP_WATCHES:
		return r->sites->watch_names.of[i];
	case GROUP_OPCODES_KERNEL:
	case GROUP_OPCODES_USER:
	case GROUP_OPCODES_SITES:
	case GROUP_COUNT:
		break;
	}
	return opcode_names[i];
}

/* Of these groups a zero says something; of the others it would be most of the file. */
static bool is_shown(const struct record *r, enum group g, unsigned i)
{
	return g <= GROUP_EVENTS || r->n[r->first[g] + i];
}

static void write_string(FILE *to, const char *text)
{
	putc('"', to);
	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		if (*c < ' ' || *c == '"' || *c == '\\' || *c > '~')
			fprintf(to, "\\u%04x", *c);
		else
			putc(*c, to);
	putc('"', to);
}

static void write_count(const struct record *r, unsigned i, FILE *to)
{
	fprintf(to, "%" PRIu64, r->n[i]);
}

/* A counter in each of the units. */
static void write_column(const struct record *r, unsigned i, FILE *to)
{
	putc('[', to);
	for (size_t u = 0; u < r->units_count; u++)
		fprintf(to, "%s%" PRIu64, u ? "," : "",
			r->units[u * r->first[GROUP_COUNT] + i]);
	putc(']', to);
}

static void write_groups(const struct record *r, FILE *to,
			 void (*write)(const struct record *r, unsigned i, FILE *to))
{
	for (enum group g = 0; g < GROUP_COUNT; g++) {
		const char *between = "";

		fprintf(to, "%s\n  \"%s\": {", g ? "," : "", group_names[g]);
		for (unsigned i = 0; i < r->first[g + 1] - r->first[g]; i++) {
			if (!is_shown(r, g, i))
				continue;
			fprintf(to, "%s\n   \"%s\": ", between, counter_name(r, g, i));
			write(r, r->first[g] + i, to);
			between = ",";
		}
		putc('}', to);
	}
}

static void write_sites(const struct record *r, FILE *to)
{
	const char *between = "";

	for (size_t i = 0; i < r->sites->sites.count; i++) {
		const struct place *p = &r->sites->sites.of[i];

		if (!r->site_n[i])
			continue;
		fprintf(to, "%s\n  {\"at\": \"%#" PRIx64 "\", \"op\": \"%s\", "
			    "\"count\": %" PRIu64 "}",
			between, p->at, r->sites->ops.of[p->what], r->site_n[i]);
		between = ",";
	}
}

static void write_gap(const struct record *r, const struct gap *g, size_t pair, FILE *to)
{
	unsigned used = gap_bucket(g->longest) + 1;

	fprintf(to, "\n  {\"from\": \"%s\", \"to\": \"%s\", \"count\": %" PRIu64
		", \"sum\": %" PRIu64 ", \"user\": %" PRIu64 ", \"longest\": %" PRIu64
		", \"buckets\": [",
		record_op_name(r, (unsigned)(pair / record_ops(r))),
		record_op_name(r, (unsigned)(pair % record_ops(r))),
		g->count, g->sum, g->user_sum, g->longest);
	for (unsigned i = 0; i < used; i++)
		fprintf(to, "%s%" PRIu64, i ? "," : "", g->bucket[i]);
	fputs("]}", to);
}

static void write_gaps(const struct record *r, FILE *to)
{
	const char *between = "";

	for (size_t i = 0; i < (size_t)record_ops(r) * record_ops(r); i++) {
		if (!r->gaps[i])
			continue;
		fputs(between, to);
		write_gap(r, r->gaps[i], i, to);
		between = ",";
	}
}

static void write_unlisted(const struct record *r, FILE *to)
{
	for (unsigned i = 0; i < r->unlisted_count; i++)
		fprintf(to, "%s\n  {\"at\": \"%#" PRIx64 "\", \"count\": %" PRIu64 "}",
			i ? "," : "", r->unlisted[i].at, r->unlisted[i].count);
}

static void write_about(const struct record *r, const struct record_about *about, FILE *to)
{
	fputs("{\n \"format\": \"parapatch-record/1\",\n \"mix\": ", to);
	write_string(to, about->name);
	fprintf(to, ",\n \"region\": %u,\n \"emulator\": ", r->region);
	write_string(to, about->emulator);
	fputs(",\n \"command\": [", to);
	for (unsigned i = 0; about->command[i]; i++) {
		fputs(i ? ", " : "", to);
		write_string(to, about->command[i]);
	}
	fprintf(to, "],\n \"kernel_from\": \"%#" PRIx64 "\",\n", about->kernel_from);
}

void record_write(const struct record *r, const struct record_about *about, FILE *to)
{
	write_about(r, about, to);
	fputs(" \"total\": {", to);
	write_groups(r, to, write_count);
	fprintf(to, "},\n \"unit_count\": %zu,\n \"units\": {", r->units_count);
	write_groups(r, to, write_column);
	fputs("},\n \"sites\": [", to);
	write_sites(r, to);
	fputs("],\n \"gaps\": [", to);
	write_gaps(r, to);
	fputs("],\n \"unlisted\": [", to);
	write_unlisted(r, to);
	fputs("]\n}\n", to);
}
