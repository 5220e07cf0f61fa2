/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The backends' interrupt ops, run: as functions, as callee-save thunks, and as forms
 * copied elsewhere; from IF off and on, with every argument, with an event pending
 * and without.  What memory, the result and the registers must be then is worked out
 * here, from what each hypervisor documents, byte by byte of pv_memory.
 */
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "paravirt/backend.h"
#include "paravirt/install.h"
#include "backend/backends.h"
#include "measure/on_stack.h"
#include "tap.h"
#if ARCH_WORD == 8
#include <asm/prctl.h>
#else
#include <asm/ldt.h>
#endif

#define X64	(ARCH_WORD == 8)
#define IF	0x200ul
#define AC	0x40000ul

/* All registers but RSP by their numbers, and the flags; run_regs() calls a function
 * with them, and says what became of them.  AC is off when it returns: C would
 * fault. */
struct regs {
	unsigned long r[16], flags;
};
void run_regs(struct regs *r, void (*fn)(void));

#if ARCH_WORD == 8
asm(".pushsection .bss\nrun_at: .skip 8\n.popsection\n"
    ".pushsection .text\n.globl run_regs\nrun_regs:\n"
    "push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n"
    "push %rdi; mov %rsi, run_at(%rip)\n"
    "push 128(%rdi); popf\n"
    "mov 0(%rdi), %rax; mov 8(%rdi), %rcx; mov 16(%rdi), %rdx; mov 24(%rdi), %rbx\n"
    "mov 40(%rdi), %rbp; mov 48(%rdi), %rsi; mov 64(%rdi), %r8; mov 72(%rdi), %r9\n"
    "mov 80(%rdi), %r10; mov 88(%rdi), %r11; mov 96(%rdi), %r12; mov 104(%rdi), %r13\n"
    "mov 112(%rdi), %r14; mov 120(%rdi), %r15; mov 56(%rdi), %rdi\n"
    "call *run_at(%rip)\n"
    "push %rdi; mov 8(%rsp), %rdi; pushf; pop 128(%rdi)\n"
    "pushf; andq $~0x40000, (%rsp); popf; cld\n"
    "mov %rax, 0(%rdi); mov %rcx, 8(%rdi); mov %rdx, 16(%rdi); mov %rbx, 24(%rdi)\n"
    "mov %rbp, 40(%rdi); mov %rsi, 48(%rdi); mov %r8, 64(%rdi); mov %r9, 72(%rdi)\n"
    "mov %r10, 80(%rdi); mov %r11, 88(%rdi); mov %r12, 96(%rdi); mov %r13, 104(%rdi)\n"
    "mov %r14, 112(%rdi); mov %r15, 120(%rdi); pop 56(%rdi)\n"
    "pop %rdi; pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx; ret\n"
    ".popsection");
#else
asm(".pushsection .bss\nrun_at: .skip 4\n.popsection\n"
    ".pushsection .text\n.globl run_regs\nrun_regs:\n"
    "push %ebx; push %ebp; push %esi; push %edi\n"
    "mov 20(%esp), %eax; mov 24(%esp), %ecx; mov %ecx, run_at; push %eax\n"
    "push 64(%eax); popf\n"
    "mov 4(%eax), %ecx; mov 8(%eax), %edx; mov 12(%eax), %ebx; mov 20(%eax), %ebp\n"
    "mov 24(%eax), %esi; mov 28(%eax), %edi; mov 0(%eax), %eax\n"
    "call *run_at\n"
    "push %edi; mov 4(%esp), %edi; pushf; pop 64(%edi)\n"
    "pushf; andl $~0x40000, (%esp); popf; cld\n"
    "mov %eax, 0(%edi); mov %ecx, 4(%edi); mov %edx, 8(%edi); mov %ebx, 12(%edi)\n"
    "mov %ebp, 20(%edi); mov %esi, 24(%edi); pop 28(%edi)\n"
    "pop %edi; pop %edi; pop %esi; pop %ebp; pop %ebx; ret\n"
    ".popsection");
#endif

/* Where an argument is, and by enum clobber the registers' numbers. */
enum { AX = 0, CX = 1, DX = 2, ARG = X64 ? 7 : 0 };
static uint32_t numbers_of(unsigned clobbers)
{
	return (clobbers & CLOBBER_AX ? 1u << AX : 0)
		| (clobbers & CLOBBER_CX ? 1u << CX : 0)
		| (clobbers & CLOBBER_DX ? 1u << DX : 0);
}

/* %gs (ia32: %fs) reaches pv_memory, as in a quiet window. */
static bool segment_base(void)
{
#if ARCH_WORD == 8
	return !syscall(SYS_arch_prctl, ARCH_SET_GS, &pv_memory);
#else
	struct user_desc d = {
		.entry_number = (unsigned)-1, .base_addr = (uintptr_t)&pv_memory,
		.limit = sizeof(pv_memory) - 1, .seg_32bit = 1, .useable = 1,
	};

	if (syscall(SYS_set_thread_area, &d))
		return false;
	asm volatile("mov %w0, %%fs" : : "r" (d.entry_number * 8 + 3));
	return true;
#endif
}

/* What a backend has for IF.  Offsets are in bytes of pv_memory, from the
 * hypervisors' own documents as facts and pv_memory.h have them. */

struct model {
	const struct backend *backend;
	/* Writes IF and the event; what @arg, a restore_fl of it, makes of IF. */
	void (*make)(uint8_t *m, bool on, bool pending);
	void (*restored)(uint8_t *m, unsigned long arg);
	/* Scratch, by op, as a form says it: enum clobber. */
	unsigned scratch[5][2];		/* ia32, x86-64 */
	bool has_events;
};

static void xen_make(uint8_t *m, bool on, bool pending)
{
	m[64] = pending;
	m[65] = !on;
}

static void xen_restored(uint8_t *m, unsigned long arg)
{
	m[65] = !(arg & IF);
}

static void shared_make(uint8_t *m, bool on, bool pending)
{
	m[PV_SHARED_INFO] = pending;
	m[PV_SHARED_INFO + 1] = !on;
}

static void shared_restored(uint8_t *m, unsigned long arg)
{
	m[PV_SHARED_INFO + 1] = !(arg & IF);
}

static void put_word(uint8_t *m, uint32_t word)
{
	memcpy(m, &word, sizeof(word));
}

static void lguest_make(uint8_t *m, bool on, bool pending)
{
	put_word(m + 192, on ? 0x200 : 0);
	put_word(m + 196, pending ? 0x200 : 0);
}

/* It keeps the whole of what it is given. */
static void lguest_restored(uint8_t *m, unsigned long arg)
{
	put_word(m + 192, (uint32_t)arg);
}

#if ARCH_WORD == 8
static void pvm_make(uint8_t *m, bool on, bool pending)
{
	put_word(m + 128, (on ? 1u << 9 : 0) | (pending ? 1u << 8 : 0));
}

static void pvm_restored(uint8_t *m, unsigned long arg)
{
	m[129] = (uint8_t)((m[129] & ~2) | (arg & IF ? 2 : 0));
}

/* vSMP has its IF in the flags register: no memory. */
static void none_make(uint8_t *m, bool on, bool pending)
{
	(void)m, (void)on, (void)pending;
}

static void none_restored(uint8_t *m, unsigned long arg)
{
	(void)m, (void)arg;
}

#endif

enum { DISABLE, ENABLE, SAVE, RESTORE, IRQ_SAVE, OPS };
static const enum op ops[OPS] = {
	OP_irq_disable, OP_irq_enable, OP_save_fl, OP_restore_fl, OP_irq_save,
};

#define NO_SCRATCH { { 0, 0 }, { 0, 0 }, { 0, 0 }, { 0, 0 }, { 0, 0 } }
#define A	CLOBBER_AX
#define C	CLOBBER_CX
#define D	CLOBBER_DX
#define OF_2006	{ { A, A }, { A, A }, { 0, 0 }, { C, A }, { C | D, D } }

static const struct model models[] = {
	{ &xen_smp_backend, shared_make, shared_restored, OF_2006, true },
	{ &xen_up_backend, shared_make, shared_restored, OF_2006, true },
	{ &xen_backend, xen_make, xen_restored, NO_SCRATCH, true },
	{ &lguest_backend, lguest_make, lguest_restored, NO_SCRATCH, true },
#if ARCH_WORD == 8
	{ &pvm_backend, pvm_make, pvm_restored, NO_SCRATCH, true },
	{ &vsmp_backend, none_make, none_restored,
	  { { 0, A }, { 0, A }, { 0, 0 }, { 0, A }, { 0, D } }, false },
#endif
};
#define MODELS (sizeof(models) / sizeof(models[0]))

/* An event that is taken leaves no backend's pending, and is counted. */
static void deliver(uint8_t *m)
{
	uint32_t n;

	memcpy(&n, m + 256, sizeof(n));
	put_word(m + 256, n + 1);
	m[64] = m[PV_SHARED_INFO] = 0;
	put_word(m + 196, 0);
	m[129] &= (uint8_t)~1;
}

/* One run. */
struct trial {
	const struct model *model;
	unsigned op;			/* of ops[] */
	bool on, pending;
	unsigned long arg;
	uint32_t may_change;		/* registers, but for the result */
	void (*fn)(void);
};

static bool is_on_after(const struct trial *t)
{
	return t->op == ENABLE || (t->op == RESTORE && (t->arg & IF))
		|| (t->op == SAVE && t->on);
}

static void want_memory(const struct trial *t, uint8_t *m)
{
	bool delivers = t->pending && is_on_after(t) && t->op != SAVE;

	if (t->op == RESTORE)
		t->model->restored(m, t->arg);
	else
		t->model->make(m, is_on_after(t), t->pending);
	if (delivers)
		deliver(m);
}

/* vSMP's IF is AC; others leave both alone. */
static unsigned long flags_of(const struct trial *t, bool on)
{
	return 0x2 | IF | (!t->model->has_events && !on ? AC : 0);
}

struct job {
	struct regs *regs;
	void (*fn)(void);
};

__attribute__((no_sanitize_address)) static uint64_t go(void *arg)
{
	struct job *j = arg;

	run_regs(j->regs, j->fn);
	return 0;
}

/* What speaks against it; NULL: nothing. */
static const char *against(const struct trial *t)
{
	static uint8_t want[sizeof(pv_memory)];
	bool returns = t->op == SAVE || t->op == IRQ_SAVE;
	struct regs regs, before;
	struct job job = { &regs, t->fn };

	pv_memory_open();
	t->model->make((uint8_t *)&pv_memory, t->on, t->pending);
	memcpy(want, &pv_memory, sizeof(want));
	want_memory(t, want);
	for (unsigned i = 0; i < 16; i++)
		regs.r[i] = 0x0123456789abcdeful * (2 * i + 3);
	regs.r[ARG] = t->op == RESTORE ? t->arg : regs.r[ARG];
	regs.flags = flags_of(t, t->on);
	before = regs;
	on_stack(thread_stack_top(), go, &job);
	if (memcmp(want, &pv_memory, sizeof(want)))
		return "memory is not what it should be";
	if (returns && !(regs.r[AX] & IF) != !t->on)
		return "bit 9 of what it returns is not IF";
	if ((regs.flags & AC) != (flags_of(t, is_on_after(t)) & AC))
		return "AC is not what it should be";
	for (unsigned i = 0; i < (X64 ? 16 : 8); i++)
		if (i != 4 && regs.r[i] != before.r[i] && !(t->may_change >> i & 1)
		    && !(returns && i == AX))
			return "a register was changed that must not be";
	return NULL;
}

/* The first four are flags; of others a backend looks at what it looks at.  vSMP
 * loads them, so it is given flags alone. */
enum { FLAGS = 4 };
static const unsigned long args[] = {
	0, IF, 0x246, 0x46, ~IF, ~0ul, IF | 1ul << 31, 1ul << 31, 0x100, 0x400,
};
#define ARGS (sizeof(args) / sizeof(args[0]))

/* From every IF, with and without an event, and every argument. */
static const char *against_all(struct trial *t)
{
	const char *why = NULL;

	for (unsigned k = 0; !why && k < 4 * ARGS; k++) {
		t->on = k & 1;
		t->pending = k & 2;
		t->arg = args[k / 4];
		if (t->pending && !t->model->has_events)
			continue;
		if (k / 4 >= (t->op != RESTORE ? 1 : t->model->has_events ? ARGS : FLAGS))
			break;
		why = against(t);
		if (why)
			diag("IF %u, pending %u, argument 0x%lx", t->on, t->pending,
			     t->arg);
	}
	return why;
}

static void test_way(struct trial *t, const char *what)
{
	const char *why = t->fn ? against_all(t) : "it is not there";

	if (!ok(!why, "%s, %s, %s", t->model->backend->name,
		op_info[ops[t->op]].name, what))
		diag("%s", why);
}

/* Memory that may be executed, within reach of this program. */
enum { CODE_BYTES = 1 << 16 };
static uint8_t *code;

static bool map_code(void)
{
	uintptr_t near = ((uintptr_t)&pv_memory & ~0xfffful) - 0x1000000;

	for (unsigned i = 1; i < 64; i++) {
		code = mmap((void *)(near - i * 0x1000000ul), CODE_BYTES,
			    PROT_READ | PROT_WRITE | PROT_EXEC,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
		if (code != MAP_FAILED)
			return true;
	}
	return false;
}

static struct sited_op sited(enum op op, unsigned len, unsigned clobbers,
			     uint8_t *at)
{
	return (struct sited_op){
		.isa = ARCH_ISA, .type = op, .len = len, .clobbers = clobbers,
		.addr = (uintptr_t)at,
	};
}

/* The form there, and a RET; 0 bytes: there is none. */
static unsigned copy_form(const struct backend *b, enum op op, uint8_t *at)
{
	struct sited_op so = sited(op, 200, 0x1ff, at);
	uint8_t buf[FORM_LEN_MAX];
	unsigned used = 0;

	if (b->ops.patch(&so, buf, &used) != PATCHED_INLINE)
		return 0;
	memcpy(at, buf, used);
	at[used] = 0xc3;
	return used;
}

static void test_op(const struct model *m, unsigned op)
{
	unsigned scratch = m->scratch[op][X64];
	struct trial t = { .model = m, .op = op, .may_change = numbers_of(scratch) };
	static const unsigned places[] = { 0, 7, 4093, CODE_BYTES - 256 };

	t.fn = (void (*)(void))backend_op(m->backend, ops[op], false);
	test_way(&t, "as a function");
	for (unsigned i = 0; i < 4; i++) {
		bool made = copy_form(m->backend, ops[op], code + places[i]);

		t.fn = made ? (void (*)(void))(uintptr_t)(code + places[i]) : NULL;
		test_way(&t, "as a form elsewhere");
	}
	/* RAX and no other. */
	t.may_change = 1;
	t.fn = (void (*)(void))backend_op(m->backend, ops[op], true);
	test_way(&t, "as a callee-save thunk");
}

/* What a hook keeps, it leaves as it was. */
static bool keeps(const struct backend *b, const struct sited_op *so,
		  enum patched want)
{
	uint8_t buf[FORM_LEN_MAX];
	unsigned used = 12345;

	memset(buf, 0xa5, sizeof(buf));
	if (b->ops.patch(so, buf, &used) != want || used != 12345)
		return false;
	for (unsigned i = 0; i < sizeof(buf); i++)
		if (buf[i] != 0xa5)
			return false;
	return true;
}

static void test_kept(const struct model *m, unsigned op)
{
	const struct backend *b = m->backend;
	unsigned scratch = m->scratch[op][X64], without = 0;
	unsigned len = copy_form(b, ops[op], code);
	struct sited_op so = sited(ops[op], len, scratch, code);
	unsigned used = 0;
	uint8_t buf[FORM_LEN_MAX];

	ok(b->ops.patch(&so, buf, &used) == PATCHED_INLINE && used == len,
	   "%s, %s: %u bytes, and no register but those it says", b->name,
	   op_info[ops[op]].name, len);
	so.len = len - 1;
	ok(keeps(b, &so, KEPT_TOO_SMALL), "%s, %s: a byte too short", b->name,
	   op_info[ops[op]].name);
	so.len = len;
	for (unsigned bit = 1; bit <= 4; bit <<= 1) {
		so.clobbers = 0x1ff & ~bit;
		without += keeps(b, &so, KEPT_NO_REGISTER) == !!(scratch & bit);
	}
	ok(without == 3, "%s, %s: without a register that it needs", b->name,
	   op_info[ops[op]].name);
	so.clobbers = 0x1ff;
	so.isa = ARCH_ISA == ISA_IA32 ? ISA_X86_64 : ISA_IA32;
	ok(keeps(b, &so, KEPT_NO_FORM), "%s, %s: for the other architecture", b->name,
	   op_info[ops[op]].name);
}

/* x86-64: what is relative does not reach as far as one likes. */
static void test_far(const struct backend *b, enum op op, bool relative)
{
	struct sited_op so = sited(op, 200, 0x1ff, code);
	uint8_t buf[FORM_LEN_MAX];
	unsigned used;

	if (!X64)
		return;
	so.addr += 1ull << 40;
	ok(relative ? keeps(b, &so, KEPT_OUT_OF_REACH)
	   : b->ops.patch(&so, buf, &used) == PATCHED_INLINE,
	   "%s, %s: far away it is %s", b->name, op_info[op].name,
	   relative ? "out of reach" : "what it is here");
}

/* Slots of a table that a backend has of its own. */
static unsigned own_slots(const struct paravirt_ops *t)
{
	uintptr_t slot[OP_COUNT];
	unsigned n = 0;

	memcpy(slot, t, sizeof(slot));
	for (unsigned i = 0; i < OP_COUNT; i++)
		n += slot[i] != 0;
	return n;
}

/* What each overrides: the hook and the interrupt ops, and thunks of them. */
static void test_own(void)
{
	static const struct { enum backend_id id; unsigned ops, callee; } own[] = {
		{ BACKEND_xen_smp, 6, 5 }, { BACKEND_xen_up, 6, 5 },
		{ BACKEND_xen, 7, 6 }, { BACKEND_lguest, 6, 5 },
		{ BACKEND_pvm, X64 ? 6 : 0, X64 ? 5 : 0 },
		{ BACKEND_vsmp, X64 ? 6 : 0, X64 ? 5 : 0 },
		{ BACKEND_kvm, 2, 1 }, { BACKEND_vmware, 2, 1 }, { BACKEND_hyperv, 0, 0 },
		{ BACKEND_trace, 7, 6 },
	};

	for (unsigned i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		const struct backend *b = backends[own[i].id];

		ok(own_slots(&b->ops) == own[i].ops
		   && own_slots(&b->callee) == own[i].callee,
		   "%s: %u slots of its own, %u thunks", b->name, own[i].ops,
		   own[i].callee);
	}
}

/* Installed, the tables hold a backend's ops and the native rest. */
static void test_install(void)
{
	unsigned good = 0;

	for (unsigned b = 0; b < BACKEND_COUNT; b++) {
		uintptr_t ops_[OP_COUNT], callee[OP_COUNT];

		backend_install(backends[b]);
		memcpy(ops_, &paravirt_ops, sizeof(ops_));
		memcpy(callee, &paravirt_callee, sizeof(callee));
		for (unsigned op = 0; op < OP_COUNT; op++)
			good += ops_[op] && ops_[op] == backend_op(backends[b], op, false)
				&& callee[op] == backend_op(backends[b], op, true);
	}
	ok(good == BACKEND_COUNT * OP_COUNT, "installed: no slot of the table is empty");
	backend_install(backends[BACKEND_native]);
	ok(!memcmp(&paravirt_ops, &backends[BACKEND_native]->ops, sizeof(paravirt_ops))
	   && !memcmp(&paravirt_callee, &backends[BACKEND_native]->callee,
		      sizeof(paravirt_callee)), "and native ones again");
}

/* KVM's io_delay is nothing: a form of no bytes, a function that comes back. */
static void test_kvm(void)
{
	struct sited_op so = sited(OP_io_delay, 6, 0, code);
	struct regs regs = { .flags = 0x202 }, before;
	unsigned used = 12345;
	uint8_t buf[FORM_LEN_MAX];

	ok(kvm_backend.ops.patch(&so, buf, &used) == PATCHED_INLINE && !used,
	   "kvm, io_delay: a form of 0 bytes");
	for (unsigned thunk = 0; thunk < 2; thunk++) {
		before = regs;
		run_regs(&regs, (void (*)(void))backend_op(&kvm_backend, OP_io_delay, thunk));
		ok(!memcmp(&before.r, &regs.r, sizeof(regs.r)), "kvm, io_delay: %s",
		   thunk ? "its thunk changes nothing" : "it changes nothing");
	}
	so.type = OP_irq_disable;
	ok(kvm_backend.ops.patch(&so, buf, &used) == PATCHED_INLINE && used == 1
	   && buf[0] == 0xfa, "kvm, irq_disable: the native form");
}

/* Trace counts, then is native: of that ring 3 can run two ops. */
static void test_trace(void)
{
	static const enum op counted[] = { OP_save_fl, OP_restore_fl };

	for (unsigned k = 0; k < 6; k++) {
		enum op op = counted[k & 1];
		struct regs regs = { .flags = 0x202 };
		uint32_t want[OP_COUNT] = { 0 };
		void (*fn)(void) = (void (*)(void))backend_op(&trace_backend, op, k / 2);

		if (k >= 4)
			fn = copy_form(&trace_backend, op, code)
				? (void (*)(void))(uintptr_t)code : NULL;
		pv_memory_open();
		regs.r[ARG] = 0x202;
		want[op] = 1;
		run_regs(&regs, fn);
		ok(!memcmp(want, pv_memory.trace, sizeof(want))
		   && (op != OP_save_fl || (regs.r[AX] & (IF | 2)) == (IF | 2)),
		   "trace, %s, %s: counted once", op_info[op].name,
		   k >= 4 ? "form" : k >= 2 ? "thunk" : "function");
	}
}

int main(void)
{
	if (!ok(segment_base() && map_code(), "a segment's base, and memory to execute"))
		return done();
	for (const struct model *m = models; m < models + MODELS; m++)
		for (unsigned op = 0; op < OPS; op++) {
			test_op(m, op);
			test_kept(m, op);
		}
	test_far(&xen_backend, OP_irq_enable, true);
	test_far(&xen_backend, OP_irq_disable, false);
	test_far(&lguest_backend, OP_save_fl, true);
	test_far(&xen_up_backend, OP_irq_disable, true);
	test_own();
	test_install();
	test_kvm();
	test_trace();
	return done();
}
