/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The check, the timing loop and the run, on a machine that is made up: its
 * clock moves by what a body costs, its IF is a variable, its text is memory
 * that never runs.  A body costs what its sites are at that moment, so that a
 * result says which mode it was taken in.
 *
 * The tables of workloads are this file's; core/workload.c is not linked.
 */
#include <stdlib.h>
#include "measure.h"
#include "run.h"
#include "synthetic.h"
#include "workload.h"

/* run.h has a plan() too. */
#define plan tap_plan
#include "tap.h"
#undef plan

/* The machine. */

enum { CLOCK_COST = 7, PASS_COST = 5 };

static uint64_t now, quiet_since, quiet_longest;
static bool if_on, is_quiet, misused;
static unsigned quiet_opened, quiet_refused_at, progress_calls, progress_last;
static unsigned windows;		/* closed, one way or another */

static uint64_t clock_read(void)
{
	misused |= !is_quiet;
	return now += CLOCK_COST;
}

static unsigned long flags(void)
{
	return FLAGS_ONE | 0x44 | (if_on ? FLAGS_IF : 0);
}

static void set_if(bool on)
{
	misused |= !is_quiet;
	if_on = on;
}

static bool quiet_begin(void *ctx)
{
	misused |= is_quiet || ctx != &now;
	if (++quiet_opened == quiet_refused_at)
		return false;
	quiet_since = now;
	return is_quiet = true;
}

static void quiet_end(void *ctx)
{
	misused |= !is_quiet || if_on || ctx != &now;
	if (now - quiet_since > quiet_longest)
		quiet_longest = now - quiet_since;
	is_quiet = false;
	windows++;
}

static void progress(void *ctx, unsigned done, unsigned of)
{
	misused |= is_quiet || ctx != &now || done > of;
	progress_calls++;
	progress_last = done;
}

static struct syn_writer wr;
static struct machine machine = {
	clock_read, clock_read, flags, set_if, quiet_begin, quiet_end,
	.quiet_ticks = 1000000, .writer = &wr.writer, .progress = progress,
	.ctx = &now,
};

static void machine_reset(void)
{
	now = 1000;
	if_on = is_quiet = misused = false;
	quiet_opened = quiet_refused_at = quiet_longest = 0;
	progress_calls = progress_last = windows = 0;
	machine.quiet_ticks = 1000000;
	syn_writer_begin(&wr);
}

/* Every window that was opened is closed, and nothing was done outside. */
static bool balanced(void)
{
	unsigned refused = quiet_refused_at && quiet_opened >= quiet_refused_at;

	return !is_quiet && !if_on && !misused && !wr.misused && !wr.is_open
		&& windows == quiet_opened - refused;
}

/* The bodies.  What goes wrong, in which of the three, from which IF. */

enum body { BODY_one, BODY_n, BODY_n2, BODIES };
enum fault { FAULT_NONE, FAULT_AFTER, FAULT_SEEN, FAULT_UNSEEN, FAULT_HIGH };

static struct {
	enum fault fault;
	enum convention_id convention;
	enum workload_id workload;
	enum body body;
	bool before, arg;
} fault;

static unsigned calls;			/* of bodies */
static uint8_t *stray;			/* a byte of the text that gets lost ... */
static unsigned stray_at;		/* ... in this call */
static uint64_t slow;			/* extra ticks of each call */
static bool wrong_table;		/* some body ran under another ops table */

static void effect(enum workload_id w, struct work *work)
{
	switch (w) {
	case WORKLOAD_irq_disable:
		if_on = false;
		break;
	case WORKLOAD_irq_enable:
		if_on = true;
		break;
	case WORKLOAD_save_fl:
		work->seen = flags();
		break;
	case WORKLOAD_restore_fl:
		if_on = work->flags & FLAGS_IF;
		break;
	case WORKLOAD_irq_save_restore:
		work->flags = flags();
		if_on = false;
		work->seen = flags();
		if_on = work->flags & FLAGS_IF;
		break;
	case WORKLOAD_cli_sti:
	case WORKLOAD_cli_sti_string:
	case WORKLOAD_cli_sti_asm:
		if_on = false;
		work->seen = flags();
		if_on = true;
		break;
	case WORKLOAD_COUNT:
		break;
	}
}

static void go_wrong(struct work *w)
{
	switch (fault.fault) {
	case FAULT_AFTER:
		if_on = !if_on;
		break;
	case FAULT_SEEN:
		w->seen ^= FLAGS_IF;
		break;
	case FAULT_UNSEEN:
		w->seen = ~0ul;
		break;
	case FAULT_HIGH:
		w->seen |= 1ul << FLAGS_TOP;
		break;
	case FAULT_NONE:
		break;
	}
}

static uint64_t cost_of(enum convention_id c, enum workload_id w);

static void pass(enum convention_id c, enum workload_id w, enum body body,
		 struct work *work)
{
	static const unsigned copies[BODIES] = { 1, WORKLOAD_N, 2 * WORKLOAD_N };
	bool before = if_on, arg = work->flags & FLAGS_IF;

	if (++calls == stray_at)
		*stray ^= 1;
	wrong_table |= memcmp(&paravirt_ops, &native_backend.ops,
			      sizeof(paravirt_ops)) != 0;
	now += PASS_COST + slow + copies[body] * cost_of(c, w);
	effect(w, work);
	if (fault.fault && c == fault.convention && w == fault.workload
	    && body == fault.body && before == fault.before && arg == fault.arg)
		go_wrong(work);
}

#define BODY(c, w, which)						\
	static void wl_##c##_##w##_##which(struct work *work)		\
	{ pass(CONVENTION_##c, WORKLOAD_##w, BODY_##which, work); }
#define CODE(c, w) BODY(c, w, one) BODY(c, w, n) BODY(c, w, n2)
#include "code.def"
#undef CODE
#undef BODY

/* The text: each convention's and workload's "one" body has a room of its own,
 * with its sites in it. */

static struct {
	uint8_t bytes[16384];
	struct site sites[256];
	uint8_t room[16384 + 4 * 8192];
} image;

enum { BODY_ROOM = 256 };

#define AT(c, w) (image.bytes \
	+ BODY_ROOM * (CONVENTION_##c * WORKLOAD_COUNT + WORKLOAD_##w))
#define BODY(c, w, which) { wl_##c##_##w##_##which, AT(c, w), AT(c, w) + BODY_ROOM }
#define CODE(c, w) [CONVENTION_##c][WORKLOAD_##w] =			\
	{ BODY(c, w, one), BODY(c, w, n), BODY(c, w, n2) },

const struct workload_code
workload_code[CONVENTION_COUNT][WORKLOAD_COUNT] = {
#include "code.def"
};

/* What a copy costs: 20 as compiled inline; 100 for each indirect call, 30 for
 * each that is patched; other numbers for every workload. */
static uint64_t cost_of(enum convention_id c, enum workload_id w)
{
	const uint8_t *at = workload_code[c][w].one.begin;
	uint64_t cost = w;

	if (!conventions[c].sites)
		return cost + 20;
	for (unsigned i = 0; i < BODY_ROOM - 6; i++)
		if (at[i] == 0xff && at[i + 1] == 0x15) {
			cost += 100;
			i += 5;		/* its address is no instruction */
		} else if (at[i] == 0xfa || at[i] == 0xfb || at[i] == 0x9c
			   || at[i] == 0x9d) {
			cost += 30;
		}
	return cost;
}

static const enum op workload_ops[WORKLOAD_COUNT][4] = {
	[WORKLOAD_irq_disable] = { OP_irq_disable },
	[WORKLOAD_irq_enable] = { OP_irq_enable },
	[WORKLOAD_save_fl] = { OP_save_fl },
	[WORKLOAD_restore_fl] = { OP_restore_fl },
	[WORKLOAD_irq_save_restore] = { OP_save_fl, OP_irq_disable, OP_restore_fl },
	[WORKLOAD_cli_sti] = { OP_irq_disable, OP_irq_enable },
	[WORKLOAD_cli_sti_string] = { OP_irq_disable, OP_irq_enable },
	[WORKLOAD_cli_sti_asm] = { OP_irq_disable, OP_irq_enable },
};

static unsigned ops_in(enum workload_id w)
{
	unsigned n = 0;

	while (n < 4 && workload_ops[w][n])
		n++;
	return n;
}

static struct text text;
static uint8_t fresh[sizeof(image.bytes)];

/* Sites are made elsewhere and moved here, where calls are still right: a site
 * is made for the address it is moved to. */
static void place(struct syn *s, enum convention_id c, enum workload_id w)
{
	enum syn_shapes shape = c == CONVENTION_ccall ? SYN_CCALL : SYN_SEED;
	size_t begin = (size_t)(workload_code[c][w].one.begin - image.bytes);

	syn_begin(s, ISA_X86_64);
	s->where.addr += begin;
	for (unsigned i = 0; i < ops_in(w); i++)
		syn_site(s, workload_ops[w][i], &syn_shapes[ISA_X86_64][shape]);
	memcpy(image.bytes + begin, s->bytes, BODY_ROOM);
}

static bool image_build(void)
{
	struct text_where w = {
		.isa = ISA_X86_64, .addr = SYN_TEXT, .bytes = image.bytes,
		.len = sizeof(image.bytes), .sites_addr = SYN_RECORDS,
		.sites = image.sites, .table = SYN_TABLE, .ops = OP_COUNT,
	};
	struct text_error e;
	static struct syn s;

	memset(image.bytes, SYN_FILLER, sizeof(image.bytes));
	for (unsigned c = 0; c < CONVENTION_COUNT; c++)
		for (unsigned k = 0; conventions[c].sites && k < WORKLOAD_COUNT; k++) {
			place(&s, c, k);
			for (size_t i = 0; i < s.where.count; i++, w.count++) {
				image.sites[w.count] = s.sites[i];
				image.sites[w.count].site +=
					(int32_t)((i - w.count) * sizeof(struct site));
			}
		}
	memcpy(fresh, image.bytes, sizeof(fresh));
	return text_open(&text, &w, image.room, sizeof(image.room), &e);
}

static const struct workload_code *code(enum convention_id c, enum workload_id w)
{
	return &workload_code[c][w];
}

/* The check: right bodies pass, and each wrong one is found, in each body and
 * from each IF, and is named. */

static bool check(enum workload_id w, char *why)
{
	bool good;

	machine_reset();
	why[0] = '\0';
	is_quiet = true;
	good = check_workload(&machine, &workloads[w],
			      code(CONVENTION_native, w), why, 120);
	misused |= if_on;
	is_quiet = false;
	return good;
}

static const char *const body_names[BODIES] = {
	"of one copy", "of n copies", "of 2n copies",
};

static void test_check_after(enum workload_id w)
{
	char why[120], want[80];
	unsigned found = 0;

	for (unsigned k = 0; k < BODIES * 4; k++) {
		fault.fault = FAULT_AFTER;
		fault.convention = CONVENTION_native;
		fault.workload = w;
		fault.body = k / 4;
		fault.before = k & 1;
		fault.arg = k & 2;
		snprintf(want, sizeof(want), "body %s, IF %u before, %u asked for",
			 body_names[fault.body], fault.before, fault.arg);
		found += !check(w, why) && strstr(why, want)
			&& strstr(why, "after it") && !misused;
	}
	ok(found == BODIES * 4, "%s: wrong IF after: %u of 12 found and named",
	   workloads[w].name, found);
}

/* What it leaves in w->seen counts in the first body only. */
static void test_check_seen(enum workload_id w, enum fault how, const char *text)
{
	bool looked_at = workloads[w].seen != IF_ANY;
	unsigned found = 0, passed = 0;
	char why[120];

	for (unsigned k = 0; k < BODIES * 4; k++) {
		fault.fault = how;
		fault.convention = CONVENTION_native;
		fault.workload = w;
		fault.body = k / 4;
		fault.before = k & 1;
		fault.arg = k & 2;
		if (check(w, why))
			passed++;
		else
			found += strstr(why, text) && strstr(why, "of one copy");
	}
	ok(found == (looked_at ? 4 : 0) && passed == 12 - found,
	   "%s: %s: %u found", workloads[w].name, text, found);
}

static void test_check(void)
{
	char why[120];

	for (unsigned w = 0; w < WORKLOAD_COUNT; w++) {
		fault.fault = FAULT_NONE;
		calls = 0;
		ok(check(w, why) && !why[0] && calls == 12 && !misused,
		   "%s: the right bodies pass", workloads[w].name);
		test_check_after(w);
		test_check_seen(w, FAULT_SEEN, "within it");
		test_check_seen(w, FAULT_UNSEEN, "no flags register");
		test_check_seen(w, FAULT_HIGH, "no flags register");
	}
	fault.fault = FAULT_NONE;
}

/* The timing loop. */

static uint32_t ticks(uint32_t reps, unsigned copies, uint64_t cost)
{
	return (uint32_t)(CLOCK_COST + reps * (PASS_COST + copies * cost));
}

static bool batches_are(const struct batch *b, uint32_t count, uint32_t reps,
			uint64_t cost)
{
	for (uint32_t i = 0; i < count; i++)
		if (b[i].n != ticks(reps, WORKLOAD_N, cost)
		    || b[i].n2 != ticks(reps, 2 * WORKLOAD_N, cost))
			return false;
	return true;
}

static bool time_it(enum workload_id w, uint32_t reps, struct batch *b,
		    uint32_t count)
{
	return measure(&machine, &workloads[w], code(CONVENTION_native, w), reps,
		       b, count);
}

static void test_exact(void)
{
	static struct batch b[100];

	for (unsigned w = 0; w < WORKLOAD_COUNT; w++) {
		bool good = true;

		for (uint32_t reps = 1; reps <= REPS_MAX; reps++) {
			machine_reset();
			machine.quiet_ticks = UINT64_MAX;
			memset(b, 0xff, sizeof(b));
			good = good && time_it(w, reps, b, 10) && balanced()
				&& batches_are(b, 10, reps, 20 + w)
				&& b[10].n == UINT32_MAX && windows == 1;
		}
		ok(good, "%s: exact ticks, 1 to REPS_MAX passes", workloads[w].name);
	}
	machine_reset();
	ok(time_it(0, 1, b, 0) && !quiet_opened, "no batches: no window");
}

/* One window: its warm-up, then so many batches that it lasted long enough. */
static void test_windows(void)
{
	uint64_t warm = 2 * (ticks(4, 24, 20) + ticks(4, 48, 20) + 2 * CLOCK_COST);
	uint64_t batch = ticks(4, 24, 20) + ticks(4, 48, 20) + 3 * CLOCK_COST;
	static struct batch b[100];

	machine_reset();
	machine.quiet_ticks = 0;
	ok(time_it(0, 4, b, 7) && windows == 7 && balanced()
	   && batches_are(b, 7, 4, 20), "no time at all: a window a batch");
	for (unsigned per = 1; per <= 8; per++) {
		unsigned want = (30 + per - 1) / per;

		machine_reset();
		machine.quiet_ticks = warm + per * batch;
		memset(b, 0xff, sizeof(b));
		ok(time_it(0, 4, b, 30) && windows == want && balanced()
		   && batches_are(b, 30, 4, 20) && b[30].n == UINT32_MAX
		   && quiet_longest < machine.quiet_ticks + 2 * batch,
		   "time for %u batches: %u windows for 30", per, want);
	}
	machine_reset();
	machine.quiet_ticks = UINT64_MAX;
	ok(time_it(0, 4, b, 100) && windows == 1, "all the time: one window");
}

static void test_refused_windows(void)
{
	static struct batch b[8];
	unsigned good = 0;

	for (unsigned at = 1; at <= 8; at++) {
		machine_reset();
		machine.quiet_ticks = 0;
		quiet_refused_at = at;
		memset(b, 0, sizeof(b));
		good += !time_it(0, 1, b, 8) && balanced()
			&& windows == at - 1 && !b[at - 1].n;
	}
	ok(good == 8, "no window: ends there, balanced: %u of 8", good);
}

static void test_saturation(void)
{
	struct batch b;

	machine_reset();
	slow = UINT32_MAX;
	ok(time_it(0, 1, &b, 1) && b.n == UINT32_MAX && b.n2 == UINT32_MAX,
	   "a timing longer than 32 bits is the longest there is");
	slow = UINT32_MAX - ticks(1, 48, 20);
	ok(time_it(0, 1, &b, 1) && b.n2 == UINT32_MAX && b.n == UINT32_MAX - 480,
	   "the longest there is");
	slow = 0;
}

static void test_reps(void)
{
	uint64_t once = ticks(1, 48, 20);
	const struct {
		uint64_t pass;
		uint32_t want;
	} cases[] = {
		{ 0, 1 }, { 1, 1 }, { once - 1, 1 }, { once, 1 },
		{ 2 * once - 1, 1 }, { 2 * once, 2 }, { 10 * once + 3, 10 },
		{ 64 * once - 1, 63 }, { 64 * once, 64 },
		{ REPS_MAX * once - 1, REPS_MAX - 1 }, { REPS_MAX * once, REPS_MAX },
		{ (REPS_MAX + 1) * once, REPS_MAX }, { UINT32_MAX, REPS_MAX },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t got;

		machine_reset();
		is_quiet = true;
		got = choose_reps(&machine, &workloads[0],
				  code(CONVENTION_native, 0),
				  (uint32_t)cases[i].pass);
		ok(got == cases[i].want && !if_on && !misused,
		   "a timing of %u ticks: %u passes", (unsigned)cases[i].pass,
		   cases[i].want);
	}
	is_quiet = false;
}

/* The plan. */

static const struct plan_case {
	const char *what;
	uint32_t workloads, conventions, modes;
	size_t cells;
} plans[] = {
	{ "all",		~0u, ~0u, ~0u, WORKLOAD_COUNT * 5 },
	{ "native alone",	~0u, ~0u, 1 << MODE_native, WORKLOAD_COUNT },
	{ "patched modes alone", ~0u, ~0u, 1 << MODE_indirect | 1 << MODE_inline,
	  WORKLOAD_COUNT * 4 },
	{ "one workload",	1 << WORKLOAD_cli_sti, ~0u, ~0u, 5 },
	{ "one convention",	~0u, 1 << CONVENTION_ccall, ~0u, WORKLOAD_COUNT * 2 },
	{ "native convention",	~0u, 1 << CONVENTION_native, ~0u, WORKLOAD_COUNT },
	{ "a convention without sites, modes that need them",
	  ~0u, 1 << CONVENTION_native, 1 << MODE_inline, 0 },
	{ "a convention with sites, native mode",
	  ~0u, 1 << CONVENTION_seed, 1 << MODE_native, 0 },
	{ "nothing",		0, ~0u, ~0u, 0 },
};

/* In the order of the lists, every one possible, none twice. */
static bool in_order(const struct cell *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned key[2] = { 0 };

		for (unsigned k = 0; k < 2 && i + k < n; k++)
			key[k] = (c[i + k].workload * CONVENTION_COUNT
				  + c[i + k].convention) * MODE_COUNT
				+ c[i + k].mode;
		if (i + 1 < n && key[0] >= key[1])
			return false;
		if (conventions[c[i].convention].sites == (c[i].mode == MODE_native))
			return false;
	}
	return true;
}

static void test_plan(void)
{
	for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++) {
		struct config c = {
			.workloads = plans[i].workloads,
			.conventions = plans[i].conventions,
			.modes = plans[i].modes,
		};
		struct cell cells[WORKLOAD_COUNT * 5 + 1];
		size_t counted = plan(&c, NULL);

		memset(cells, 0, sizeof(cells));
		ok(counted == plans[i].cells && plan(&c, cells) == counted
		   && in_order(cells, counted), "plan: %s: %zu cells",
		   plans[i].what, plans[i].cells);
	}
}

/* The run. */

static struct config config;
static struct run run;
static struct run_error run_error;
static struct paravirt_ops found;

static const struct nop_table *nopl(void)
{
	unsigned i = 0;

	while (nop_tables[i] && strcmp(nop_tables[i]->name, "nopl"))
		i++;
	return nop_tables[i];
}

static void run_free(void)
{
	free(run.results);
	free(run.batches);
	free(run.scratch);
}

/* Exact sizes, for the sanitizer. */
static void run_begin(void)
{
	size_t each = (size_t)config.rounds * config.batches, n;
	struct cell cells[WORKLOAD_COUNT * 5];

	n = plan(&config, cells);
	run = (struct run){
		.config = &config, .machine = &machine, .text = &text,
		.nops = nopl(), .cells = n,
		.results = calloc(n + !n, sizeof(struct result)),
		.batches = calloc(n * each + 1, sizeof(struct batch)),
		.scratch = calloc(each, sizeof(int64_t)),
	};
	for (size_t i = 0; i < n; i++)
		run.results[i].cell = cells[i];
	machine_reset();
	memset(&run_error, 0, sizeof(run_error));
	calls = 0;
	wrong_table = false;
	/* Any table that is not the native one. */
	paravirt_ops = native_backend.ops;
	paravirt_ops.irq_disable = paravirt_ops.irq_enable;
	found = paravirt_ops;
}

static bool put_back(void)
{
	return !memcmp(image.bytes, fresh, sizeof(fresh))
		&& !memcmp(&paravirt_ops, &found, sizeof(found));
}

static void config_small(void)
{
	config_preset(&config);
	config.rounds = 3;
	config.batches = 4;
	config.pass_ticks = 20000;
}

/* What a copy must have cost in the mode the cell is about. */
static int64_t cost_wanted(const struct cell *c)
{
	unsigned per_site = c->mode == MODE_inline ? 30 : 100;

	if (c->mode == MODE_native)
		return 20 + c->workload;
	return (int64_t)(per_site * ops_in(c->workload) + c->workload);
}

static bool result_right(const struct result *r)
{
	const struct summary *s = &r->summary;
	bool sited = conventions[r->cell.convention].sites;
	int64_t want = 1000 * cost_wanted(&r->cell);
	unsigned sites = sited ? ops_in(r->cell.workload) : 0;
	unsigned len = r->cell.convention == CONVENTION_ccall ? 6 : 32;

	return !r->refused && r->series.count == 12 && s->n == 12
		&& s->median == want && s->min == want && s->max == want
		&& s->p5 == want && s->p95 == want && !s->mad
		&& r->sites == sites && r->site_bytes == sites * len
		&& r->counts.sites == sites
		&& r->counts.outcome[PATCHED_INLINE]
		   == (r->cell.mode == MODE_inline ? sites : 0)
		&& (r->cell.mode == MODE_inline) == (r->site_nops > 0);
}

static void test_run(void)
{
	const struct text_counts *inl;

	config_small();
	run_begin();
	ok(run_all(&run, &run_error), "a run of %zu cells", run.cells);
	for (size_t i = 0; i < run.cells; i++) {
		const struct result *r = &run.results[i];

		if (!ok(result_right(r), "%s, %s, %s: exactly what it cost",
			workloads[r->cell.workload].name,
			conventions[r->cell.convention].name,
			modes[r->cell.mode].name))
			diag("median %lld, wanted %lld, %u sites",
			     (long long)r->summary.median,
			     1000ll * cost_wanted(&r->cell), r->sites);
	}
	ok(!wrong_table, "every body ran under the backend's table");
	ok(put_back() && balanced(), "text and table are as before");
	ok(wr.opened == 3 * MODE_COUNT + 1 && wr.closed == wr.opened,
	   "text is written once a mode and round, and once to restore");
	ok(progress_calls == 3 * MODE_COUNT + 1
	   && progress_last == 3 * MODE_COUNT, "progress goes to the end");
	inl = &run.applied[MODE_inline];
	ok(run.was_applied[MODE_inline] && inl->sites == text.where.count
	   && inl->outcome[PATCHED_INLINE] == inl->sites, "counts of all sites");
	ok(!run_refused(&run), "none refused");
	run_free();
}

static const struct result *find(enum workload_id w, enum convention_id c,
				 enum mode_id mode)
{
	struct result of = { .cell = { .workload = w, .convention = c } };

	return run_find(&run, &of, mode);
}

/* A wrong body is not timed; the other cells are. */
static void test_run_refused(void)
{
	const struct result *r;

	config_small();
	fault.fault = FAULT_AFTER;
	fault.convention = CONVENTION_seed;
	fault.workload = WORKLOAD_cli_sti;
	fault.body = BODY_n2;
	fault.before = fault.arg = true;
	run_begin();
	ok(run_all(&run, &run_error) && put_back() && balanced(),
	   "a wrong body does not end the run");
	fault.fault = FAULT_NONE;
	ok(run_refused(&run) == 2, "it is refused, in both modes");
	ok(!find(WORKLOAD_cli_sti, CONVENTION_seed, MODE_inline),
	   "and is not found as a result");
	r = find(WORKLOAD_cli_sti, CONVENTION_seed, MODE_native);
	ok(r && result_right(r), "but its native cell is");
	r = find(WORKLOAD_cli_sti, CONVENTION_ccall, MODE_inline);
	ok(r && result_right(r) && r->cell.convention == CONVENTION_ccall,
	   "and the other convention's");
	for (size_t i = 0; i < run.cells; i++)
		if (run.results[i].refused)
			ok(!run.results[i].series.count
			   && !run.results[i].summary.n
			   && strstr(run.results[i].why, "of 2n copies"),
			   "%s: says why, has no times",
			   modes[run.results[i].cell.mode].name);
	run_free();
}

static void test_run_nothing(void)
{
	config_small();
	config.workloads = 0;
	run_begin();
	ok(!run.cells && run_all(&run, &run_error) && put_back() && balanced()
	   && !quiet_opened, "a plan of no cells is a run without windows");
	run_free();
}

/* Every quiet window that a run opens may be the one that cannot be had. */
static void test_run_no_quiet(void)
{
	unsigned good = 0, windows_wanted;

	config_small();
	run_begin();
	run_all(&run, &run_error);
	windows_wanted = quiet_opened;
	run_free();
	for (unsigned at = 1; at <= windows_wanted; at++) {
		run_begin();
		quiet_refused_at = at;
		good += !run_all(&run, &run_error) && quiet_opened == at
			&& strstr(run_error.text, "no quiet window")
			&& put_back() && balanced();
		run_free();
	}
	ok(good == windows_wanted && good > 100,
	   "no quiet window: all is put back: %u of %u", good, windows_wanted);
}

/* Every time that the text is opened, and every store, may fail. */
static void test_run_writer(void)
{
	unsigned good = 0, opened, written;

	config_small();
	config.rounds = 2;
	run_begin();
	run_all(&run, &run_error);
	opened = wr.opened;
	run_free();
	for (unsigned at = 1; at < opened; at++) {
		run_begin();
		wr.refuse_open = at;
		good += !run_all(&run, &run_error) && put_back() && balanced()
			&& strstr(run_error.text, "patching failed")
			&& strstr(run_error.text, "writable");
		run_free();
	}
	ok(good == opened - 1, "text not writable: all is put back: %u of %u",
	   good, opened - 1);

	run_begin();
	wr.refuse_open = opened;
	ok(!run_all(&run, &run_error) && balanced()
	   && strstr(run_error.text, "could not be put back")
	   && !memcmp(&paravirt_ops, &found, sizeof(found)),
	   "text not writable at the end: said, and the table is put back");
	run_free();

	/* The third apply of a round is the inline one: that store matters. */
	written = 2 * (unsigned)text.where.count + 5;
	run_begin();
	wr.drop = written;
	ok(!run_all(&run, &run_error) && put_back() && balanced()
	   && strstr(run_error.text, "record 4, site at 0x")
	   && strstr(run_error.text, "read back"), "a lost store is named");
	diag("%s", run_error.text);
	run_free();
}

/* Somebody else stores to the text: the run's numbers are worth nothing. */
static void test_run_stray(void)
{
	unsigned good = 0;

	config_small();
	for (unsigned mode = MODE_indirect; mode <= MODE_inline; mode++) {
		config.modes = 1u << mode;
		run_begin();
		stray = text_site_bytes(&text.where, 1);
		stray_at = 200;
		good += !run_all(&run, &run_error) && put_back() && balanced()
			&& strstr(run_error.text, "record 1, site at 0x")
			&& strstr(run_error.text, "changed while it was timed");
		run_free();
	}
	stray_at = 0;
	ok(good == 2, "a stray store ends the run and is put right");
}

int main(void)
{
	if (!ok(image_build(), "the text is accepted"))
		return done();
	test_check();
	test_exact();
	test_windows();
	test_refused_windows();
	test_saturation();
	test_reps();
	test_plan();
	test_run();
	test_run_refused();
	test_run_nothing();
	test_run_no_quiet();
	test_run_writer();
	test_run_stray();
	return done();
}
