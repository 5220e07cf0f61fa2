/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run found besides cells, as members of "context", see environment_report.h. */
#include "report/environment_report.h"

static void put_disturbed(struct json *j, const struct disturbance *d)
{
	json_open(j, "disturbed", "{");
	json_number(j, "nmi", d->nmi);
	json_number(j, "interrupts", d->interrupts);
	json_bool(j, "smi_known", d->smi_known);
	if (d->smi_known)
		json_number(j, "smi", d->smi);
	json_close(j, "}");
}

/* What rdtsc_ordered was when it was timed. */
static void put_alternatives(struct json *j, const struct own_alternatives_found *a)
{
	json_open(j, "alternatives", "{");
	json_number(j, "sites", a->sites);
	json_number(j, "applied", a->applied);
	json_number(j, "direct", a->direct);
	json_close(j, "}");
}

static void put_ops_check(struct json *j, const struct ops_found *ops)
{
	json_open(j, "ops_check", "{");
	json_number(j, "checked", ops->checked);
	json_number(j, "failed", ops->failed);
	json_number(j, "not_run", ops->not_run);
	json_number(j, "trapping", ops->trapping);
	for (unsigned i = 0; i < ops->notes; i++) {
		const struct op_note *n = &ops->note[i];
		char line[200];

		text_format(line, sizeof(line), "%s: %s", n->result, n->why);
		json_text(j, n->name, line);
	}
	json_close(j, "}");
}

void findings_json(struct json *j, const struct findings *found)
{
	put_disturbed(j, &found->disturbed);
	put_alternatives(j, &found->alternatives);
	put_ops_check(j, &found->ops);
}
