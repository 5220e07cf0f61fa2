/* SPDX-License-Identifier: GPL-2.0-only */
/* How a torture fails, see torture_state.h. */
#include "lib/sink.h"
#include "mp/mp.h"
#include "torture_state.h"

static const char *way_of(const struct torture_state *s)
{
	return s->way ? torture_way_names[s->way - s->to->way] : "torture";
}

/* An exception comes before whatever followed from it. */
static bool say_exception(struct torture_state *s)
{
	for (unsigned i = 0; i < mp_count(); i++) {
		const struct mp_exception *x = &mp_cpu(i)->exception;

		if (!x->taken)
			continue;
		text_format(s->to->failed, sizeof(s->to->failed),
			    "%s: CPU %u took exception %u at 0x%llx, error 0x%llx",
			    way_of(s), i + 1, x->vector, (unsigned long long)x->ip,
			    (unsigned long long)x->error);
		return true;
	}
	return false;
}

/* What an emulator does wrong that is told by nothing that is known looks like this. */
static void add_hint(struct torture *to)
{
	size_t at = 0;

	while (to->failed[at])
		at++;
	text_format(to->failed + at, sizeof(to->failed) - at,
		    " (unless an emulator runs this that says so nowhere)");
}

void torture_fail(struct torture_state *s, const char *what, const char *why)
{
	s->failed = true;
	if (s->to->failed[0])
		return;
	if (!say_exception(s))
		text_format(s->to->failed, sizeof(s->to->failed), "%s: %s%s%s",
			    way_of(s), what, why ? ": " : "", why ? why : "");
	if (!s->env->emulator.threads && !s->env->hypervisor[0] && s->to->cpus)
		add_hint(s->to);
}
