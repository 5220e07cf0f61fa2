/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Live patching on the CPU that is here, in ring 3: threads run sites flat out while
 * the main thread puts them into other modes.  SIGTRAP is #BP, a signal to a thread
 * the interrupt that asks, blocked while #BP is handled, as there; and membarrier()
 * makes every thread's core serialise.  The sites' ops count, per thread.
 */
#define _GNU_SOURCE
#include <linux/membarrier.h>
#include <asm/prctl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>
#include "paravirt/backend.h"
#include "paravirt/install.h"
#include "live/live_ask.h"
#include "live/live_batch.h"
#include "live/live_trap.h"
#include "patch/mode.h"
#include "lib/rng.h"
#include "stats/stats.h"
#include "tap.h"
#include "live/text_live.h"

#define THREADS		2
#define FLIPS		200
#define SITES		40
#define LOOP_BYTES	4096

/* Ops that ring 3 may run, and that count: bodies of several lengths. */
#define COUNT_OP(op)	"incl " PERCPU(PV_TRACE + 4 * OP_##op) "\n\t"
BODY(ring3, irq_disable, COUNT_OP(irq_disable) "movb $1, " PERCPU(PV_VCPU + PV_VCPU_MASK));
BODY(ring3, irq_enable, COUNT_OP(irq_enable) "movb $0, " PERCPU(PV_VCPU + PV_VCPU_MASK));
BODY(ring3, save_fl, COUNT_OP(save_fl) "pushf\n\tpop %rax");
BODY(ring3, io_delay, COUNT_OP(io_delay) "nop");

static const struct body_form forms[OP_COUNT] = {
	BODY_FORM(ring3, irq_disable, 0), BODY_FORM(ring3, irq_enable, 0),
	BODY_FORM(ring3, save_fl, 0), BODY_FORM(ring3, io_delay, 0),
};
#define RING3_OPS(X, backend)						\
	X(backend, v_v, irq_disable) X(backend, v_v, irq_enable)	\
	X(backend, u_v, save_fl) X(backend, v_v, io_delay)
BACKEND_OF_BODIES(ring3, NO_OPS, RING3_OPS, NULL);

static const uint8_t ops[] = { OP_irq_disable, OP_irq_enable, OP_save_fl, OP_io_delay };
#define OPS	sizeof(ops)

/* What a thread's %gs reaches. */
struct thread {
	struct pv_memory pv;
	volatile uint32_t passes;
	volatile uint32_t stop;
	struct live_cpu live;
	volatile pid_t tid;
	pthread_t pthread;
	volatile uint32_t int3[LIVE_COUNT], again, foreign, asked;
};
static struct thread threads[THREADS];
static __thread struct thread *me;

/* The loop: where it runs, and where it is written. */
static uint8_t *code, *writable;
static struct site *sites;
static struct text_where where;
static size_t used;
static unsigned calls[OP_COUNT];	/* of a pass */

static struct live_ask ask;
static struct live_batch batch;

static void put(const void *bytes, size_t n)
{
	memcpy(writable + used, bytes, n);
	used += n;
}

static void put_rel(uintptr_t to)
{
	int32_t rel = (int32_t)(to - ((uintptr_t)code + used + 4));

	put(&rel, 4);
}

/* A 6-byte site, or one padded as wide16 is, or the seed's pushes and pops. */
static void put_site(unsigned op, unsigned kind)
{
	static const uint8_t nops[] = { SITE_NOP8_BYTES, SITE_NOP2_BYTES };
	static const uint8_t push[] = { 0x51, 0x52, 0x56, 0x57, 0x41, 0x50, 0x41, 0x51,
					0x41, 0x52, 0x41, 0x53 };
	static const uint8_t pop[] = { 0x41, 0x5b, 0x41, 0x5a, 0x41, 0x59, 0x41, 0x58,
				       0x5f, 0x5e, 0x5a, 0x59 };
	struct site *s = &sites[where.count++];
	bool seed = kind == 2;
	size_t begin = used;

	if (seed)
		put(push, sizeof(push));
	put("\xff\x15", 2);
	put_rel((uintptr_t)&paravirt_ops + op * 8);
	if (seed)
		put(pop, sizeof(pop));
	if (kind == 1)
		put(nops, sizeof(nops));
	*s = (struct site){
		.site = (int32_t)((uintptr_t)code + begin - (uintptr_t)s),
		.type = (uint8_t)op, .len = (uint8_t)(used - begin),
		.clobbers = (uint16_t)(seed ? CLOBBER_AX : CLOBBER_X86_64),
	};
	/* The seed's, where an op returns nothing, saves RAX too; here it may go. */
	calls[op]++;
}

/* begin: sites; incl %gs:passes; cmpl $0, %gs:stop; je begin; ret */
static void put_loop(void)
{
	uint32_t passes = offsetof(struct thread, passes), stop = offsetof(struct thread, stop);

	for (unsigned i = 0; i < SITES; i++)
		put_site(ops[i % OPS], i / OPS % 3);
	put("\x65\xff\x04\x25", 4);
	put(&passes, 4);
	put("\x65\x83\x3c\x25", 4);
	put(&stop, 4);
	put("\x00\x0f\x84", 3);
	put_rel((uintptr_t)code);
	put("\xc3", 1);
}

/* Near the tables, so that calls reach them; never writable and executable. */
static bool map_code(void)
{
	int fd = memfd_create("loop", MFD_CLOEXEC);
	uintptr_t at = ((uintptr_t)&paravirt_ops & ~0xffful) - (64ul << 20);

	if (fd < 0 || ftruncate(fd, LOOP_BYTES))
		return false;
	writable = mmap(NULL, LOOP_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	code = mmap((void *)at, LOOP_BYTES, PROT_READ | PROT_EXEC,
		    MAP_SHARED | MAP_FIXED_NOREPLACE, fd, 0);
	sites = mmap((void *)(at + (1ul << 20)), 4096, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	close(fd);
	return writable != MAP_FAILED && code == (void *)at && sites != MAP_FAILED;
}

static bool window(void *ctx, uint8_t *at, size_t len,
		   void (*store)(void *arg, ptrdiff_t shift), void *arg)
{
	(void)ctx, (void)at, (void)len;
	store(arg, writable - code);
	return true;
}

static void serialise(void)
{
	uint32_t a = 0, b, c = 0, d;

	asm volatile("cpuid" : "+a" (a), "=b" (b), "+c" (c), "=d" (d) : : "memory");
}

/* In the loop and not inside a site. */
static bool is_quiet(uintptr_t ip)
{
	if (ip < (uintptr_t)code || ip >= (uintptr_t)code + used)
		return false;
	for (size_t i = 0; i < where.count; i++) {
		uintptr_t begin = (uintptr_t)text_site_addr(&where, i);

		if (ip > begin && ip < begin + sites[i].len)
			return false;
	}
	return true;
}

static void on_ask(int signal, siginfo_t *info, void *context)
{
	const ucontext_t *u = context;

	(void)signal, (void)info;
	me->asked++;
	live_answer(&ask, &me->live, is_quiet((uintptr_t)u->uc_mcontext.gregs[REG_RIP]),
		    serialise, NULL);
}

static void go(greg_t *g, const struct live_regs *r)
{
	g[REG_RIP] = (greg_t)r->ip;
	g[REG_RAX] = (greg_t)r->ax;
	g[REG_EFL] = (greg_t)r->flags;
	if (!r->call)
		return;
	g[REG_RSP] -= 8;
	*(volatile uintptr_t *)g[REG_RSP] = r->back;
}

static void on_int3(int signal, siginfo_t *info, void *context)
{
	greg_t *g = ((ucontext_t *)context)->uc_mcontext.gregs;
	struct live_regs r = {
		.ip = (uintptr_t)--g[REG_RIP], .flags = (uintptr_t)g[REG_EFL],
		.ax = (uintptr_t)g[REG_RAX], .arg = (uintptr_t)g[REG_RDI],
	};
	enum live_trap what = LIVE_TRAP_AGAIN;
	enum live_was was;

	(void)signal, (void)info;
	if (!live_answer(&ask, &me->live, true, serialise, NULL))
		what = live_trap(&batch, &r, &was);
	switch (what) {
	case LIVE_TRAP_AGAIN:
		me->again++;
		return;
	case LIVE_TRAP_FOREIGN:
		me->foreign++;
		_exit(3);		/* it would come again for ever */
	case LIVE_TRAP_WAIT:
		me->int3[was]++;
		while (live_is_int3(r.ip)) {
			live_answer(&ask, &me->live, true, serialise, NULL);
			sched_yield();
		}
		return;
	case LIVE_TRAP_GO:
		me->int3[was]++;
		go(g, &r);
	}
}

static bool all_answered(void)
{
	for (unsigned i = 0; i < THREADS; i++)
		if (threads[i].live.answered != ask.number)
			return false;
	return true;
}

static unsigned signals;

static void signal_all(void)
{
	for (unsigned i = 0; i < THREADS; i++)
		if (threads[i].live.answered != ask.number && ++signals)
			syscall(SYS_tgkill, getpid(), threads[i].tid, SIGUSR1);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static bool sync_all(void *ctx, bool quiet)
{
	uint64_t begun = now_ns(), asked = begun;

	(void)ctx;
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0))
		return false;
	live_ask(&ask, quiet, false);
	signal_all();
	while (!all_answered()) {
		sched_yield();
		if (now_ns() - begun > 20000000000u)
			return false;
		if (now_ns() - asked > 200000) {
			signal_all();
			asked = now_ns();
		}
	}
	return true;
}

static void *run(void *arg)
{
	me = arg;
	if (syscall(SYS_arch_prctl, ARCH_SET_GS, me))
		return NULL;
	me->tid = (pid_t)syscall(SYS_gettid);
	((void (*)(void))code)();
	return NULL;
}

static bool start(void)
{
	struct sigaction asked = { .sa_sigaction = on_ask, .sa_flags = SA_SIGINFO | SA_RESTART };
	struct sigaction int3 = { .sa_sigaction = on_int3, .sa_flags = SA_SIGINFO };

	sigaddset(&int3.sa_mask, SIGUSR1);
	sigaction(SIGUSR1, &asked, NULL);
	sigaction(SIGTRAP, &int3, NULL);
	for (unsigned i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i].pthread, NULL, run, &threads[i]))
			return false;
	for (unsigned i = 0; i < THREADS; i++)
		while (!threads[i].passes)
			sched_yield();
	return true;
}

static void finish(void)
{
	for (unsigned i = 0; i < THREADS; i++)
		threads[i].stop = 1;
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(threads[i].pthread, NULL);
}

static struct text_span any_span(const struct text *t, struct rng *rng)
{
	uint32_t first = rng_below(rng, SITES);
	uint32_t last = first + rng_below(rng, rng_below(rng, 4) ? 4 : SITES);

	last = last < SITES ? last : SITES - 1;
	return (struct text_span){ text_site_addr(&t->where, first),
				   text_site_addr(&t->where, last) + 1 };
}

static const uint8_t flip_modes[] = {
	MODE_indirect, MODE_inline, MODE_best, MODE_direct, MODE_endbr, MODE_key_nop,
};

static bool flip(const struct text *t, struct rng *rng, unsigned *changed, uint8_t *want)
{
	static const struct text_writer writer = { window, NULL };
	static const struct live_others others = { sync_all, serialise, NULL, NULL };
	const struct mode *m = &modes[flip_modes[rng_below(rng, sizeof(flip_modes))]];
	struct nop_table nops = nop_padding(nop_tables[2], rng_below(rng, PADDING_jump + 1));
	struct live_stored done;
	struct text_staged s;
	struct text_counts c;
	struct text_error e;

	if (!text_stage(t, &ring3_backend, m, &nops, any_span(t, rng), &s, &c, &e)
	    || !text_store_live(&s, &writer, &batch, &others, &done, &e)) {
		diag("%s: %s", m->name, e.why);
		return false;
	}
	*changed += done.sites;
	for (size_t i = 0; i < SITES; i++)
		if (text_site_addr(&t->where, i) >= s.span.begin
		    && text_site_addr(&t->where, i) < s.span.end)
			text_staged_site(&s, i,
					 want + (text_site_addr(&t->where, i) - (uintptr_t)code));
	return true;
}

/* Of changes that found all threads running, p5 says more than the median does where
 * there are more threads than cores. */
static int64_t took[FLIPS];
static unsigned timed;		/* those that changed something */

static void say_times(void)
{
	struct spread s = spread_of(took, timed);

	diag("ns a change of mode, not a test: n %u, min %lld, p5 %lld, median %lld, p95 "
	     "%lld; signals a change %.1f",
	     s.n, (long long)s.min, (long long)s.p5, (long long)s.median,
	     (long long)s.p95, (double)signals / timed);
}

static void check(unsigned flips, unsigned changed)
{
	uint64_t called = 0, counted = 0, taken = 0, again = 0;
	unsigned kinds = 0;

	for (unsigned i = 0; i < THREADS; i++) {
		for (unsigned k = 0; k < OPS; k++) {
			called += (uint64_t)threads[i].passes * calls[ops[k]];
			counted += threads[i].pv.trace[ops[k]];
		}
		for (unsigned k = 0; k < LIVE_COUNT; k++) {
			taken += threads[i].int3[k];
			kinds |= threads[i].int3[k] ? 1u << k : 0;
		}
		again += threads[i].again;
	}
	ok(flips == FLIPS && timed,
	   "%u modes chosen, %u changed something, %u sites in all, under %u threads",
	   flips, timed, changed, THREADS);
	ok(called == counted && called, "%llu ops called, %llu counted",
	   (unsigned long long)called, (unsigned long long)counted);
	ok(taken && kinds & 1u << LIVE_call && kinds & 1u << LIVE_wait,
	   "%llu INT3s taken, some emulated and some waited for; %llu more were over",
	   (unsigned long long)taken, (unsigned long long)again);
	say_times();
}

int main(void)
{
	static uint8_t room[TEXT_ROOM(LOOP_BYTES, SITES, SITES * 32)], want[LOOP_BYTES];
	struct rng rng = { .state = 1 };
	unsigned changed = 0, flips = 0;
	struct text_error e;
	struct text t;
	uint64_t begun;

	if (syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0)
	    || !map_code()) {
		ok(false, "this kernel has membarrier(SYNC_CORE), and room near the tables");
		return done();
	}
	backend_install(&ring3_backend);
	where = (struct text_where){
		.isa = ISA_X86_64, .addr = (uintptr_t)code, .bytes = code,
		.sites = sites, .sites_addr = (uintptr_t)sites,
		.table = (uintptr_t)&paravirt_ops, .ops = OP_COUNT, .endbr = ENDBR_LEN,
	};
	put_loop();
	where.len = LOOP_BYTES;
	memcpy(want, code, LOOP_BYTES);
	if (!ok(text_open(&t, &where, room, sizeof(room), &e), "the loop's sites are accepted")
	    || !ok(start(), "threads run them"))
		return done();
	begun = now_ns();
	for (unsigned before = 0; flips < FLIPS && flip(&t, &rng, &changed, want); flips++) {
		took[timed] = (int64_t)(now_ns() - begun);
		timed += changed > before;
		before = changed;
		begun = now_ns();
	}
	finish();
	check(flips, changed);
	ok(!memcmp(want, code, LOOP_BYTES), "the bytes are those that were stored last");
	return done();
}
