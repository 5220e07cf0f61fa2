/* SPDX-License-Identifier: GPL-2.0-only */
/* The application's own alternatives, applied while it measures. */
#include "alternative/own_alternatives.h"
#include "alternatives_here.h"
#include "firmware/console.h"
#include "firmware/memory.h"
#include "firmware/volume.h"
#include "writer/writer.h"

static struct own_alternatives applied;
static void *alternatives_memory;

static bool complain(const char *what, const struct alternatives_error *e)
{
	sink_printf(console, "parapatch: alternatives: %s: ", what);
	if (e->record != TEXT_NO_RECORD)
		sink_printf(console, "%s record %u, site at 0x%llx, %u bytes: ",
			    e->table, (unsigned)e->record,
			    (unsigned long long)e->addr, e->len);
	sink_printf(console, "%s; %s\n", e->why, volume_advice());
	return false;
}

/* In the report too: it is a self-check. */
static bool run_selftest(unsigned want, const char *when)
{
	unsigned got = alternative_selftest();

	if (got == want)
		return true;
	sink_printf(console, "parapatch: alternatives: code %s returned %u, not %u\n",
		    when, got, want);
	return false;
}

static void say(const struct own_alternatives_found *found,
		const struct alternatives_counts *c)
{
	sink_printf(serial, "parapatch alternatives sites=%u applied=%u as_built=%u "
		    "direct=%u both=%u nops=%u\n", found->sites,
		    found->applied, c->alternative[ALTERNATIVE_BUILT],
		    found->direct, c->both, c->nops);
}

bool alternatives_begin(const struct text *t, const struct environment *env,
			struct findings *found)
{
	const struct alternative_where w = own_alternatives_where(&t->where, &applied,
		(struct own_machine){ .cpu = env->features },
		nop_table_for(ARCH_ISA, &env->cpu));
	size_t bytes = alternatives_room(&w, t);
	struct alternatives_counts c;
	struct alternatives_error e;

	alternatives_memory = pool_get(bytes);
	if (!alternatives_memory) {
		sink_printf(console, "parapatch: no memory for the %u bytes of alternatives\n",
			    (unsigned)bytes);
		return false;
	}
	if (!alternatives_open(&applied.open, &w, t, alternatives_memory, bytes, &e))
		return complain("the table is corrupt, nothing was patched", &e);
	if (!alternatives_apply(&applied.open, &applied.how, &cpu_text_writer, &c, &e)
	    || !alternatives_verify(&applied.open, &applied.how, &e))
		return complain("they cannot be applied", &e);
	found->alternatives = own_alternatives_found(&c);
	say(&found->alternatives, &c);
	if (!run_selftest(SELFTEST_APPLIED, "with them"))
		found->check_failed = "code with alternatives does not do what it should";
	return true;
}

void alternatives_put(void)
{
	pool_put(alternatives_memory);
	alternatives_memory = NULL;
}

const char *alternatives_end(void)
{
	struct alternatives_error e;
	bool kept, ok;

	kept = alternatives_verify(&applied.open, &applied.how, &e);
	ok = alternatives_restore(&applied.open, &cpu_text_writer, &e);
	sink_printf(serial, "parapatch alternatives verified=%s restored=%s\n",
		    kept ? "yes" : "no", ok ? "yes" : "no");
	alternatives_put();
	if (!ok)
		return "the built bytes of alternatives could not be put back";
	if (!run_selftest(SELFTEST_BUILT, "with its alternatives taken back"))
		return "code whose alternatives were taken back is not what was built";
	return kept ? NULL : "an alternative changed during the run";
}
