/* SPDX-License-Identifier: GPL-2.0-only */
/* What ring 3 may not run, and why. */
#include "bench.h"

/* No op is checked here as it is at boot: most would fault. */
void ring3_note(struct ops_found *ops)
{
	for (unsigned op = 0; op < OP_COUNT; op++) {
		const struct ring3_info *i = &ring3_info[op_info[op].ring3];

		ops->note[ops->notes++] = (struct op_note){
			op_info[op].name, i->may ? "not checked" : "not run", i->what,
		};
	}
	ops->not_run = OP_COUNT;
}

static void list_ops(enum ring3 why, struct sink *s)
{
	unsigned n = 0;

	for (unsigned op = 0; op < OP_COUNT; op++)
		n += op_info[op].ring3 == why;
	if (!n)
		return;
	sink_printf(s, "%u of %u ops%s (%s):", n, OP_COUNT, ring3_info[why].may
		    ? "" : " not called by the op check", ring3_info[why].what);
	for (unsigned op = 0; op < OP_COUNT; op++)
		if (op_info[op].ring3 == why)
			sink_printf(s, " %s", op_info[op].name);
	sink_printf(s, "\n");
}

void ring3_list(struct sink *s)
{
	for (unsigned why = 0; why < RING3_COUNT; why++)
		list_ops(why, s);
}
