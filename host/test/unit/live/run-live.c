/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Live patching without a machine: what old bytes are taken for, what the handler of
 * INT3 does, and a model of CPUs that may see any byte of a site as it was at their
 * last serialisation or as it is now, and may be inside a site.
 */
#define SYN_SITES 128
#include <stdlib.h>
#include "live/live_ask.h"
#include "live/live_batch.h"
#include "live/live_trap.h"
#include "backend/backends.h"
#include "patch/mode.h"
#include "synthetic.h"
#include "tap.h"
#include "live/text_live.h"

#define INT3	0xcc
#define IF	0x200u

/* What bytes are taken for. */
#define X64	ISA_X86_64
#define IA32	ISA_IA32
static const struct {
	const char *what;
	enum isa isa;
	const char *bytes;
	unsigned len;
	enum live_was was;
	uint64_t target;
} forms[] = {
	{ "cli", X64, "\xfa\x0f\x1f\x44\x00\x00", 6, LIVE_cli, 0 },
	{ "cli, jump over INT3s", X64, "\xfa\xeb\x03\xcc\xcc\xcc", 6, LIVE_cli, 0 },
	{ "cli, INT3s that are not jumped over", X64, "\xfa\xcc\xcc\xcc\xcc\xcc", 6, LIVE_wait, 0 },
	{ "cli, a jump too far", X64, "\xfa\xeb\x04\xcc\xcc\xcc", 6, LIVE_wait, 0 },
	{ "sti behind prefixes", X64, "\x2e\x2e\x2e\x2e\x2e\xfb", 6, LIVE_sti, 0 },
	{ "pushf; pop", IA32, "\x9c\x58\x0f\x1f\x40\x00", 6, LIVE_save, 0 },
	{ "pushf; pop; cli", X64, "\x9c\x58\xfa\x0f\x1f\x00", 6, LIVE_save_cli, 0 },
	{ "pushf; pop of another", X64, "\x9c\x59\x0f\x1f\x40\x00", 6, LIVE_wait, 0 },
	{ "push rdi; popf", X64, "\x57\x9d\x0f\x1f\x40\x00", 6, LIVE_restore, 0 },
	{ "push eax; popf", IA32, "\x50\x9d\x0f\x1f\x40\x00", 6, LIVE_restore, 0 },
	{ "push rax; popf: not the argument", X64, "\x50\x9d\x0f\x1f\x40\x00", 6, LIVE_wait, 0 },
	{ "call", X64, "\xe8\x10\x00\x00\x00\x90", 6, LIVE_call, 0x401015 },
	{ "call backwards, ia32", IA32, "\xe8\xf0\xff\xff\xff\x90", 6, LIVE_call, 0x400ff5 },
	{ "call behind a prefix", X64, "\x2e\xe8\x10\x00\x00\x00", 6, LIVE_call, 0x401016 },
	{ "call through memory", X64, "\xff\x15\x10\x00\x00\x00", 6, LIVE_call_mem, 0x401016 },
	{ "call through memory, ia32", IA32, "\xff\x15\x10\x20\x30\x40", 6, LIVE_call_mem,
	  0x40302010 },
	{ "jump through memory", X64, "\xff\x25\x10\x00\x00\x00", 6, LIVE_wait, 0 },
	{ "call, and more than a NOP", X64, "\xe8\x10\x00\x00\x00\x58", 6, LIVE_wait, 0 },
	{ "push; call; pop", IA32, "\x51\xff\x15\x10\x00\x00\x00\x59", 8, LIVE_wait, 0 },
	{ "a jump out of line", X64, "\xe9\x10\x00\x00\x00\xcc", 6, LIVE_wait, 0 },
	{ "NOPs", X64, "\x66\x0f\x1f\x44\x00\x00", 6, LIVE_nop, 0 },
	{ "NOPs, ia32", IA32, "\x8d\xb6\x00\x00\x00\x00", 6, LIVE_nop, 0 },
	{ "what clears the top of ESI is no NOP", X64, "\x89\xf6\x0f\x1f\x40\x00", 6, LIVE_wait,
	  0 },
	{ "NOPs a site is built with", X64,
	  "\xff\x15\x00\x00\x00\x00\x0f\x1f\x84\x00\x00\x00\x00\x00\x66\x90",
	  16, LIVE_call_mem, 0x401006 },
	{ "a byte of a call", X64, "\xe8", 1, LIVE_wait, 0 },
	{ "prefixes and nothing", X64, "\x2e\x2e", 2, LIVE_wait, 0 },
};
#define FORMS	(sizeof(forms) / sizeof(forms[0]))

static void taken_for(void)
{
	for (unsigned i = 0; i < FORMS; i++) {
		uint64_t target = 1;
		/* Of its own, so that a sanitizer sees a read beyond. */
		uint8_t *p = malloc(forms[i].len);
		enum live_was was;

		memcpy(p, forms[i].bytes, forms[i].len);
		was = live_was(forms[i].isa, p, forms[i].len, SYN_TEXT, &target);
		ok(was == forms[i].was && (!forms[i].target || target == forms[i].target),
		   "%s: %s", forms[i].what, live_names[was]);
		free(p);
	}
}

/* The handler, with a site that is at home. */
static uint8_t home[16];
static uintptr_t slot = 0x1234;
static struct live_batch batch;

/* A batch of one, under way, with INT3 at its head. */
static void trap_begin(const void *old, unsigned len)
{
	struct live_site *s;

	memset(&batch, 0, sizeof(batch));
	memcpy(home, old, len);
	live_begin(&batch);
	s = live_next(&batch);
	*s = (struct live_site){ .addr = (uintptr_t)home, .at = home, .len = len };
	memset(s->form, 0x90, len);
	live_add(&batch, ARCH_ISA);
	batch.under_way = batch.count;
	home[0] = INT3;
}

static enum live_trap trap(struct live_regs *r, enum live_was *was)
{
	*r = (struct live_regs){ .ip = (uintptr_t)home, .flags = 0x46,
				 .ax = 0x77, .arg = 0x246, .call = true };
	return live_trap(&batch, r, was);
}

#define BEHIND	((uintptr_t)home + 6)

static void handler(void)
{
	uint8_t call_mem[] = { 0xff, 0x15, 0, 0, 0, 0 }, call[] = { 0xe8, 0x10, 0, 0, 0, 0x90 };
	enum live_was was = LIVE_COUNT;
	struct live_regs r;

	trap_begin("\xfa\x0f\x1f\x44\x00\x00", 6);
	ok(trap(&r, &was) == LIVE_TRAP_GO && was == LIVE_cli && r.ip == BEHIND && !r.call
	   && r.flags == 0x46 && r.ax == 0x77, "cli");
	trap_begin("\xfb\x0f\x1f\x44\x00\x00", 6);
	ok(trap(&r, &was) == LIVE_TRAP_GO && r.flags == (0x46 | IF) && r.ip == BEHIND, "sti");
	trap_begin("\x9c\x58\xfa\x0f\x1f\x00", 6);
	batch.site[0].was = LIVE_save_cli;
	r.flags = 0;
	ok(trap(&r, &was) == LIVE_TRAP_GO && r.ax == 0x46 && r.flags == 0x46, "save_cli");
	trap_begin("\x9c\x58\x0f\x1f\x40\x00", 6);
	ok(trap(&r, &was) == LIVE_TRAP_GO && r.ax == 0x46 && r.ip == BEHIND, "save");
	trap_begin(ARCH_WORD == 8 ? "\x57\x9d\x0f\x1f\x40\x00" : "\x50\x9d\x0f\x1f\x40\x00", 6);
	ok(trap(&r, &was) == LIVE_TRAP_GO && r.flags == 0x246 && r.ax == 0x77, "restore");
	trap_begin("\x0f\x1f\x80\x00\x00\x00\x00", 7);
	ok(trap(&r, &was) == LIVE_TRAP_GO && r.ip == BEHIND + 1 && r.flags == 0x46, "nop");
	trap_begin(call, 6);
	ok(trap(&r, &was) == LIVE_TRAP_GO && r.call && r.back == BEHIND
	   && r.ip == (uintptr_t)home + 5 + 0x10,
	   "call: it returns behind the site, not behind the instruction");
	trap_begin(call_mem, 6);
	batch.site[0].target = (uintptr_t)&slot;
	ok(trap(&r, &was) == LIVE_TRAP_GO && r.call && r.ip == 0x1234, "call_mem");
	slot = 0x5678;
	ok(trap(&r, &was) == LIVE_TRAP_GO && r.ip == 0x5678, "call_mem: the slot as it is now");
	trap_begin("\x51\x52\x53\x5b\x5a\x59", 6);
	ok(trap(&r, &was) == LIVE_TRAP_WAIT && r.ip == (uintptr_t)home && was == LIVE_wait,
	   "anything else: waits at its head");
	home[0] = 0x90;
	ok(trap(&r, &was) == LIVE_TRAP_AGAIN && r.ip == (uintptr_t)home, "an INT3 that is gone");
	home[0] = INT3;
	batch.under_way = 0;
	ok(trap(&r, &was) == LIVE_TRAP_FOREIGN, "an INT3 while no batch is under way");
	batch.under_way = 1;
	batch.site[0].addr++;
	ok(trap(&r, &was) == LIVE_TRAP_FOREIGN, "an INT3 that is none of the batch's");
}

/* What POPF in ring 3 may change, by the CPU itself and by the handler. */
static void like_the_cpu(void)
{
	enum { ARITHMETIC = 0x8d5 };
	enum live_was was;
	struct live_regs r;
	bool good = true;

	trap_begin(ARCH_WORD == 8 ? "\x57\x9d\x0f\x1f\x40\x00" : "\x50\x9d\x0f\x1f\x40\x00", 6);
	for (unsigned i = 0; i < 256; i++) {
		unsigned long want = 0x202 | (i & 1) | (i & 2) << 1 | (i & 4) << 2
			| (i & 8) << 3 | (i & 16) << 3 | (i & 32) << 6, is;

		asm volatile("push %1; popf; pushf; pop %0"
			     : "=r" (is) : "r" (want) : "cc", "memory");
		r = (struct live_regs){ .ip = (uintptr_t)home, .flags = 0x202, .arg = want };
		good &= live_trap(&batch, &r, &was) == LIVE_TRAP_GO
			&& !((r.flags ^ is) & ARITHMETIC);
	}
	ok(good, "restore: the arithmetic flags are those of POPF");
}

/*
 * The model.  Between two synchronisations a CPU may see every byte as it was at the
 * first or as it is at the second.
 */
static struct model {
	const struct text *text;
	const struct live_batch *b;
	uint8_t before[SYN_BYTES];	/* all text when the batch began */
	uint8_t islands_before[SYN_SITES * ISLAND_BYTES];
	uint8_t seen[SYN_BYTES];	/* at the last synchronisation */
	bool inside[SYN_SITES];		/* may somebody resume inside, by batch? */
	unsigned syncs, fail_at, quiet, serialised, settled;
	uint32_t under_way;
	bool safe;
	const char *why;
} model;

static void unsafe(const char *why)
{
	if (model.safe)
		model.why = why;
	model.safe = false;
}

/* Is every byte but the head, in both views, that of @want? */
static bool whole(const uint8_t *seen, const uint8_t *now, const uint8_t *want,
		  unsigned len)
{
	return !memcmp(seen + 1, want + 1, len - 1) && !memcmp(now + 1, want + 1, len - 1);
}

/* A CPU that comes to a site and sees @head. */
static void come(const struct live_site *s, unsigned i, uint8_t head,
		 const uint8_t *seen, const uint8_t *old)
{
	bool old_whole = head == old[0] && whole(seen, s->at, old, s->len);
	bool new_whole = head == s->form[0] && whole(seen, s->at, s->form, s->len);

	if (head == INT3)
		model.under_way == model.b->count ? (void)0
			: unsafe("an INT3 that no handler knows");
	else if (old_whole)
		model.inside[i] = true;
	else if (!new_whole)
		unsafe("a head in front of another form's bytes");
}

/* What may have happened to one site since the last synchronisation. */
static void look(const struct live_site *s, unsigned i)
{
	size_t at = (size_t)(s->at - model.text->where.bytes);
	const uint8_t *seen = model.seen + at, *old = model.before + at;

	if (model.inside[i] && !whole(seen, s->at, old, s->len))
		unsafe("bytes changed under a CPU that is inside");
	if (model.inside[i] && s->island_at
	    && memcmp(s->island_at, model.islands_before
		      + (s->island_at - model.text->where.island_bytes), ISLAND_BYTES))
		unsafe("an island changed under a CPU that may be there");
	come(s, i, seen[0], seen, old);
	come(s, i, s->at[0], seen, old);
}

static void look_now(void)
{
	model.under_way = model.b->under_way;
	for (unsigned i = 0; i < model.b->count; i++)
		look(&model.b->site[i], i);
}

static void look_all(void)
{
	look_now();
	memcpy(model.seen, model.text->where.bytes, SYN_BYTES);
}

static bool model_sync(void *ctx, bool quiet)
{
	(void)ctx;
	look_all();
	if (++model.syncs == model.fail_at)
		return false;
	model.quiet += quiet;
	/* Nobody is inside now; who comes sees what is there now. */
	for (unsigned i = 0; quiet && i < model.b->count; i++)
		model.inside[i] = false;
	return true;
}

/* A CPU may come at any time, and not only when it is asked. */
static void model_serialise(void)
{
	look_now();
	model.serialised++;
}

static void model_settle(void)
{
	look_now();
	model.settled++;
}

static void model_begin(const struct text *t, const struct live_batch *b, unsigned fail_at)
{
	model = (struct model){ .text = t, .b = b, .fail_at = fail_at, .safe = true };
	memcpy(model.before, t->where.bytes, SYN_BYTES);
	memcpy(model.seen, t->where.bytes, SYN_BYTES);
	memcpy(model.islands_before, t->where.island_bytes, sizeof(model.islands_before));
	memset(model.inside, true, sizeof(model.inside));
}

static const struct live_others others = { model_sync, model_serialise, NULL, NULL };
static const struct live_others settling = { model_sync, model_serialise, model_settle, NULL };

/* All shapes, ops that forms differ in. */
static void fill(struct syn *s, enum isa isa, unsigned rounds)
{
	static const uint8_t ops[] = { OP_irq_disable, OP_irq_enable, OP_save_fl,
				       OP_restore_fl, OP_irq_save, OP_io_delay };

	syn_begin(s, isa);
	for (unsigned k = 0; k < rounds; k++)
		for (unsigned i = 0; i < sizeof(ops); i++)
			for (unsigned j = 0; j < SYN_SHAPES; j++) {
				unsigned shape = j;

				/* Where a value comes back it is not saved. */
				if (op_info[ops[i]].words && shape == SYN_SEED)
					shape = SYN_SEED_U;
				else if (!op_info[ops[i]].words && shape == SYN_SEED_U)
					shape = SYN_SEED;
				if (s->used + 40 < SYN_BYTES && s->where.count < SYN_SITES)
					syn_site(s, ops[i], &syn_shapes[isa][shape]);
			}
}

/* From every mode to every mode, each of two backends: safe, and what text_apply()
 * would have left. */
static void every_change(enum isa isa)
{
	static const struct cpu_id cpu = { .vendor = "GenuineIntel", .family = 6, .model = 0x9e };
	static struct syn live, plain;
	const struct backend *from[] = { backends[BACKEND_native], backends[BACKEND_lguest] };
	unsigned changes = 0, unsafe_ones = 0, others_ones = 0, steps = 0;
	struct syn_writer wr;
	struct text t, u;
	struct text_error e;
	const char *why = "";

	fill(&live, isa, 1);
	fill(&plain, isa, 1);
	if (!syn_open(&live, &t, &e) || !syn_open(&plain, &u, &e)) {
		ok(false, "%s: the text opens: %s", syn_isa[isa], e.why);
		return;
	}
	syn_writer_begin(&wr);
	memset(&batch, 0, sizeof(batch));
	for (unsigned a = 0; a < 2 * MODE_COUNT; a++)
		for (unsigned b = 0; b < 2 * MODE_COUNT; b++)
			for (unsigned k = 0; k < 2; k++) {
				unsigned which = k ? b : a;
				const struct mode *m = &modes[which % MODE_COUNT];
				const struct backend *be = from[which / MODE_COUNT];
				struct nop_table nops = nop_padding(nop_table_for(isa, &cpu),
								    (a + b + k) % 4);
				struct live_stored done;
				struct text_counts c;
				struct text_staged s;
				unsigned will = 0;

				model_begin(&t, &batch, 0);
				if (!text_stage(&t, be, m, &nops, TEXT_ALL, &s, &c, &e)
				    || (will = text_changes(&s), false)
				    || !text_store_live(&s, &wr.writer, &batch,
							k ? &settling : &others,
							&done, &e)
				    || !text_apply(&u, be, m, &nops, TEXT_ALL,
						   &wr.writer, &c, &e)) {
					ok(false, "%s: %s: %s", syn_isa[isa], m->name, e.why);
					return;
				}
				changes++;
				steps += done.sites > 0;
				others_ones += will != done.sites;
				others_ones += model.syncs != (done.sites ? 3 : 0)
					|| model.quiet != (done.sites ? 1 : 0);
				unsafe_ones += !model.safe;
				if (!model.safe)
					why = model.why;
				others_ones += !!memcmp(live.bytes, plain.bytes, SYN_BYTES);
				others_ones += !!memcmp(live.islands, plain.islands,
							sizeof(live.islands));
				others_ones += batch.under_way != 0;
			}
	ok(unsafe_ones == 0, "%s: %u of %u changes of mode are unsafe for a CPU that comes "
			     "or is inside: %s",
	   syn_isa[isa], unsafe_ones, changes, why);
	ok(others_ones == 0, "%s: and leave what text_apply() leaves, by three "
			     "synchronisations, one of them quiet, and as many sites as "
			     "foretold: %u",
	   syn_isa[isa], others_ones);
	ok(steps > changes / 2, "%s: %u of them changed something", syn_isa[isa], steps);
}

/* A CPU that does not answer, at each of the three questions. */
static void late(enum isa isa)
{
	static struct syn s;
	static uint8_t before[SYN_BYTES];
	const struct nop_table *nops = nop_tables[2];
	struct live_stored done;
	struct text_counts c;
	struct text_staged st;
	struct text_error e;
	struct text t;
	struct syn_writer wr;

	syn_writer_begin(&wr);
	for (unsigned at = 1; at <= 3; at++) {
		bool stored, as_wanted;

		fill(&s, isa, 1);
		syn_open(&s, &t, &e);
		memcpy(before, s.bytes, SYN_BYTES);
		memset(&batch, 0, sizeof(batch));
		model_begin(&t, &batch, at);
		text_stage(&t, backends[BACKEND_native], &modes[MODE_best], nops, TEXT_ALL, &st,
			   &c, &e);
		stored = text_store_live(&st, &wr.writer, &batch, &others, &done, &e);
		as_wanted = at == 1 ? !memcmp(before, s.bytes, SYN_BYTES)
			: text_verify(&t, backends[BACKEND_native], &modes[MODE_best], nops,
				      TEXT_ALL,
				      &(struct text_error){ 0 });
		ok(!stored && as_wanted, "%s: no answer to question %u: %s", syn_isa[isa], at,
		   e.why);
		ok(batch.under_way != 0, "%s: and the batch stays known to whoever is late",
		   syn_isa[isa]);
		stored = text_store_live(&st, &wr.writer, &batch, &others, &done, &e);
		ok(!stored, "%s: and nothing is patched so any more: %s", syn_isa[isa], e.why);
	}
}

/* More sites than a batch has room for. */
static void batches(enum isa isa)
{
	static struct syn s;
	const struct nop_table *nops = nop_tables[2];
	uint8_t wanted[SITE_LEN_MAX];
	bool stored;
	struct live_stored done;
	struct text_counts c;
	struct text_staged st;
	struct text_error e;
	struct text t;
	struct syn_writer wr;

	syn_writer_begin(&wr);
	fill(&s, isa, 3);
	syn_open(&s, &t, &e);
	memset(&batch, 0, sizeof(batch));
	model_begin(&t, &batch, 0);
	text_stage(&t, backends[BACKEND_native], &modes[MODE_best], nops, TEXT_ALL, &st, &c, &e);
	stored = text_store_live(&st, &wr.writer, &batch, &settling, &done, &e);
	ok(stored && done.sites == c.sites && c.sites > LIVE_SITES
	   && done.batches == (c.sites + LIVE_SITES - 1) / LIVE_SITES,
	   "%s: %u sites in %u batches", syn_isa[isa], done.sites, done.batches);
	ok(text_verify(&t, backends[BACKEND_native], &modes[MODE_best], nops, TEXT_ALL, &e),
	   "%s: all of them", syn_isa[isa]);
	ok(wr.opened == done.batches && model.syncs == 3 * done.batches
	   && model.serialised == model.syncs && model.settled == model.syncs,
	   "%s: a window a batch, three questions, each behind a serialisation here, and settled",
	   syn_isa[isa]);
	wr.drop = wr.written + 3;
	text_stage(&t, backends[BACKEND_native], &modes[MODE_indirect], nops, TEXT_ALL, &st, &c,
		   &e);
	stored = text_store_live(&st, &wr.writer, &batch, &settling, &done, &e);
	ok(!stored && e.record < t.where.count && e.addr == text_site_addr(&t.where, e.record)
	   && memcmp(text_site_bytes(&t.where, e.record), wanted,
		     text_staged_site(&st, e.record, wanted)),
	   "%s: a store that is lost is named: %s, record %zu", syn_isa[isa], e.why, e.record);
	text_apply(&t, backends[BACKEND_native], &modes[MODE_best], nops, TEXT_ALL, &wr.writer,
		   &c, &e);
	wr.refuse_open = wr.opened + 1;
	text_stage(&t, backends[BACKEND_native], &modes[MODE_indirect], nops, TEXT_ALL, &st, &c,
		   &e);
	stored = text_store_live(&st, &wr.writer, &batch, &settling, &done, &e);
	ok(!stored && !done.sites
	   && text_verify(&t, backends[BACKEND_native], &modes[MODE_best], nops, TEXT_ALL,
			  &(struct text_error){ 0 }), "%s: no window: %s", syn_isa[isa], e.why);
}

/* Questions. */
static unsigned serialised, idled, too_early;
static struct live_ask ask;
static struct live_cpu answerer;

/* Who is said to have serialised must have. */
static void serialise(void)
{
	serialised++;
	too_early += answerer.answered == ask.number;
}

/* The boot CPU lets go after a while. */
static void idle(void)
{
	if (++idled == 5)
		live_release(&ask);
}

static void questions(void)
{
	struct live_cpu *c = &answerer;
	uint32_t n;

	ok(!live_answer(&ask, c, true, serialise, NULL) && !serialised,
	   "nothing asked, nothing answered");
	n = live_ask(&ask, true, false);
	ok(!live_answer(&ask, c, false, serialise, NULL) && c->answered != n && !serialised,
	   "who is not quiet owes the answer");
	ok(live_answer(&ask, c, true, serialise, NULL) && c->answered == n && serialised == 1,
	   "and gives it where it is, serialised");
	ok(!live_answer(&ask, c, true, serialise, NULL) && serialised == 1, "once");
	n = live_ask(&ask, false, false);
	ok(live_answer(&ask, c, false, serialise, NULL) && c->answered == n,
	   "any place will do where it may");
	n = live_ask(&ask, true, true);
	ok(!live_answer(&ask, c, false, serialise, idle) && c->arrived != n,
	   "nobody stands still inside a site");
	ok(live_answer(&ask, c, true, serialise, idle) && c->arrived == n && c->answered == n
	   && idled == 5 && serialised == 3,
	   "who stands still goes on when it is let go, serialised");
	ok(!too_early, "each had serialised before it was said to have answered");
}

int main(void)
{
	taken_for();
	handler();
	like_the_cpu();
	for (enum isa isa = 0; isa < ISA_COUNT; isa++) {
		every_change(isa);
		late(isa);
		batches(isa);
	}
	questions();
	return done();
}
