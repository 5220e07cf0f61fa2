/* SPDX-License-Identifier: GPL-2.0-only */
/* The check every workload passes before it is timed, see measure.h. */
#include "measure.h"
#include "sink.h"

/* One run of one body. */
struct trial {
	const struct workload *wl;
	const struct checked *code;
	bool before, arg;
};

static bool wanted(enum if_want want, const struct trial *t, bool *value)
{
	switch (want) {
	case IF_OFF:
		*value = false;
		return true;
	case IF_ON:
		*value = true;
		return true;
	case IF_SAME:
		*value = t->before;
		return true;
	case IF_ARG:
		*value = t->arg;
		return true;
	case IF_ANY:
		break;
	}
	return false;
}

static bool say(const struct trial *t, const char *what, bool is, char *why,
		size_t room)
{
	text_format(why, room, "%s, IF %u before, %u asked for: IF is %u %s",
		    t->code->name, t->before, t->arg, is, what);
	return false;
}

/* Poisoned first: all ones are no flags register. */
static bool are_flags(unsigned long seen)
{
	return (seen & FLAGS_ONE) && !(seen >> FLAGS_TOP);
}

static bool run_trial(const struct machine *m, const struct trial *t,
		      char *why, size_t room)
{
	struct work w = { .seen = ~0ul };
	bool after, seen, want;

	m->set_if(t->before);
	w.flags = (m->flags() & ~FLAGS_IF) | (t->arg ? FLAGS_IF : 0);
	t->code->run(&w);
	after = m->flags() & FLAGS_IF;
	m->set_if(false);

	if (wanted(t->wl->after, t, &want) && after != want)
		return say(t, "after it", after, why, room);
	if (!t->code->looks || !wanted(t->wl->seen, t, &want))
		return true;
	seen = w.seen & FLAGS_IF;
	if (!are_flags(w.seen) || seen != want)
		return say(t, are_flags(w.seen) ? "within it"
			   : "within it, in a word that is no flags register",
			   seen, why, room);
	return true;
}

bool check_workload(const struct machine *m, const struct workload *wl,
		    const struct checked *c, unsigned n, char *why, size_t room)
{
	for (unsigned i = 0; i < n * 4; i++) {
		struct trial t = { wl, &c[i / 4], i & 1, i & 2 };

		/* IF is on and stays on in ring 3. */
		if (m->ring && !(t.before && t.arg))
			continue;
		if (!run_trial(m, &t, why, room))
			return false;
	}
	return true;
}
