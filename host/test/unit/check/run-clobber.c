/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Probes, on this CPU: which registers may change, by table; and made-up ops that
 * change one that they may not are found, in a function, in a thunk and in a form,
 * in the conventions and modes that reach them, and nowhere else.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "check/clobber.h"
#include "paravirt/install.h"
#include "patch/mode.h"
#include "check/probe.h"
#include "check/probe_arguments.h"
#include "synthetic.h"
#include "tap.h"
#include "workload/operands.h"
#include "workload/table.h"

/* The pure judge. */

static const struct {
	const char *what;
	enum isa isa;
	enum op op;
	unsigned clobbers, changed;	/* bits by number */
	int want;
} judged[] = {
	{ "nothing", ISA_X86_64, OP_irq_disable, 0, 0, -1 },
	{ "RAX, of a site that saves all", ISA_X86_64, OP_irq_disable, 0, 1, 0 },
	{ "RAX, which is the result", ISA_X86_64, OP_save_fl, 0, 1, -1 },
	{ "RAX, which may be", ISA_X86_64, OP_restore_fl, CLOBBER_AX, 1, -1 },
	{ "RDX beside a result of 64 bits", ISA_X86_64, OP_read_tsc, 0, 5, 2 },
	{ "EDX, half of a result of 64 bits", ISA_IA32, OP_read_tsc, 0, 5, -1 },
	{ "EDX beside a result of 32 bits", ISA_IA32, OP_save_fl, CLOBBER_CX, 5, 2 },
	{ "all that a call may", ISA_X86_64, OP_irq_disable, CLOBBER_X86_64,
	  0x0fc7, -1 },
	{ "all that a call may", ISA_IA32, OP_irq_disable, CLOBBER_IA32, 0x7, -1 },
	{ "the first of two", ISA_X86_64, OP_irq_disable, CLOBBER_X86_64,
	  0x8040 | 1 << 3, 3 },
	{ "the stack pointer", ISA_X86_64, OP_irq_disable, CLOBBER_X86_64, 0x10, 4 },
	{ "the stack pointer", ISA_IA32, OP_irq_disable, CLOBBER_IA32, 0x10, 4 },
	{ "R15", ISA_X86_64, OP_irq_disable, CLOBBER_X86_64, 0x8000, 15 },
	{ "what ia32 has not", ISA_IA32, OP_irq_disable, 0, 0xff00, -1 },
	{ "RSI and RDI, told apart", ISA_X86_64, OP_irq_disable, CLOBBER_SI, 0xc0, 7 },
};
#define JUDGED (sizeof(judged) / sizeof(judged[0]))

static void test_judge(void)
{
	for (unsigned i = 0; i < JUDGED; i++) {
		struct registers before, after;
		int got;

		registers_pattern(&before);
		after = before;
		for (unsigned reg = 0; reg < REGISTERS; reg++)
			if (judged[i].changed >> reg & 1)
				after.r[reg]++;
		got = clobber_judge(judged[i].isa, judged[i].op, judged[i].clobbers,
				    &before, &after);
		ok(got == judged[i].want, "judge: %s: %d", judged[i].what, got);
	}
}

static void test_pattern(void)
{
	struct registers p;
	unsigned same = 0;

	registers_pattern(&p);
	for (unsigned i = 0; i < REGISTERS; i++)
		for (unsigned k = 0; k < i; k++)
			same += p.r[i] == p.r[k];
	ok(!same, "each register has a value of its own");
}

/* A text of three ops in three conventions, and of two that take arguments, which is never
 * called.  In an asm
 * statement without operands percent signs are not doubled. */
#undef R
#define R(reg)	%reg

extern const struct site own_sites[], own_sites_end[];
extern uint8_t of_seed[], of_ccall[], of_callee[], of_pte[], of_slot[], of_end[];

#define ALL(DO)		DO(irq_disable) DO(save_fl) DO(restore_fl)
#define CCALL(op)	SITE(op, ARCH_CLOBBERS, SITE_CALL(op))
#define CALLEE(op)	SITE(op, 1, SITE_CALL_CALLEE(op))
/* EAX is pushed where it is no result. */
#define PUSHED(op)	SITE(op, 0, SITE_STR(ARCH_PUSH_REST; ARCH_PUSH_AX) "; " \
			     SITE_CALL(op) "; " SITE_STR(ARCH_POP_AX; ARCH_POP_REST))
#define RETURNS(op)	SITE(op, 0, SITE_STR(ARCH_PUSH_REST) "; "	\
			     SITE_CALL(op) "; " SITE_STR(ARCH_POP_REST))

asm(".pushsection .parainstructions, \"a\"\n\t.balign 4\n"
    "own_sites:\n\t.popsection\n"
    "\t.pushsection made_up, \"ax\", @progbits\n"
    "of_seed:\n" PUSHED(irq_disable) RETURNS(save_fl) PUSHED(restore_fl)
    "of_ccall:\n" ALL(CCALL)
    "of_callee:\n" ALL(CALLEE)
    "of_pte:\n" CCALL(set_pte)
    "of_slot:\n" CCALL(write_gdt_entry)
    "of_end:\n\t.popsection\n"
    "\t.pushsection .parainstructions\nown_sites_end:\n\t.popsection");

static const struct {
	enum convention_id convention;
	uint8_t *begin, *end;
} parts[] = {
	{ CONVENTION_seed, of_seed, of_ccall },
	{ CONVENTION_ccall, of_ccall, of_callee },
	{ CONVENTION_callee, of_callee, of_pte },
};
#define PARTS (sizeof(parts) / sizeof(parts[0]))

/* Memory, machine. */

static uint8_t code[1 << 18] __attribute__((aligned(4096)));
static struct site records[PROBES_MAX];
static uint8_t room[1 << 16], memory[PROBES_MEMORY_BYTES];
static struct syn_writer writer;
static struct text text;
static struct probes probes;

static unsigned long flags(void)
{
	unsigned long v;

	asm volatile("pushf; pop %0" : "=r" (v));
	return v;
}

static void set_if(bool on)
{
	(void)on;
}

static struct platform machine;
static struct fault met;

static void begin(void)
{
	syn_writer_begin(&writer);
	machine = (struct platform){
		.ring = 3, .isa = ARCH_ISA, .flags = flags, .set_if = set_if,
		.writer = &writer.writer,
		.near = { code, sizeof(code), (uint8_t *)records, sizeof(records) },
	};
}

static bool open_text(void)
{
	struct text_where w = {
		.isa = ARCH_ISA, .addr = (uintptr_t)of_seed,
		.bytes = of_seed, .len = (size_t)(of_end - of_seed),
		.sites_addr = (uintptr_t)own_sites, .sites = own_sites,
		.count = (size_t)(own_sites_end - own_sites),
		.table = (uintptr_t)&paravirt_ops, .ops = OP_COUNT,
		.callee = (uintptr_t)&paravirt_callee, .endbr = 0,
	};
	struct text_error e;
	bool good = text_open(&text, &w, room, sizeof(room), &e);

	if (!good)
		diag("record %zu: %s", e.record, e.why);
	return good;
}

static void add_by_itself(enum workload_id w, uint8_t *begin, uint8_t *end)
{
	const struct workload_code c = {
		.one = (void (*)(struct work *))(uintptr_t)begin, .one_end = end,
	};

	probes_add(&probes, &text, CONVENTION_ccall, w, &c);
}

static void add_all(void)
{
	memset(&probes, 0, sizeof(probes));
	add_by_itself(WORKLOAD_set_pte, of_pte, of_slot);
	add_by_itself(WORKLOAD_write_gdt_entry, of_slot, of_end);
	for (unsigned i = 0; i < PARTS; i++) {
		const struct workload_code c = {
			.one = (void (*)(struct work *))(uintptr_t)parts[i].begin,
			.one_end = parts[i].end,
		};

		probes_add(&probes, &text, parts[i].convention,
			   WORKLOAD_irq_save_restore, &c);
		probes_add(&probes, &text, parts[i].convention,
			   WORKLOAD_cli_sti, &c);
	}
}

static void test_build(void)
{
	unsigned good = 0;
	const char *why;

	begin();
	add_all();
	for (unsigned i = 2; i < probes.count; i++)
		good += set_size(&probes.probe[i].workloads) == 2
			&& set_has(&probes.probe[i].workloads, WORKLOAD_irq_save_restore)
			&& set_has(&probes.probe[i].workloads, WORKLOAD_cli_sti);
	ok(probes.count == 2 + 9 && good == 9 && !probes.not_run,
	   "a probe an op and convention, of all workloads that have it");
	why = probes_build(&probes, &machine, &text, memory);
	ok(!why && probes.text.where.count == 11 && writer.closed == 1,
	   "they are a text: %s", why ? why : "11 sites");
	writer.refuse_open = writer.opened + 1;
	why = probes_build(&probes, &machine, &text, memory);
	ok(why && strstr(why, "did not take"), "code cannot be opened: %s", why);
	probes.crowded = true;
	why = probes_build(&probes, &machine, &text, memory);
	ok(why && strstr(why, "more ops"), "too many: %s", why);
}

/* What takes arguments is run where it is by itself, and nowhere else. */
static void test_others(void)
{
	begin();
	memset(&probes, 0, sizeof(probes));
	add_by_itself(WORKLOAD_cli_sti, of_pte, of_end);
	ok(!probes.count && probes.not_run == 2,
	   "in another workload those that take arguments are not run");
	memset(&probes, 0, sizeof(probes));
	add_by_itself(WORKLOAD_set_pte, of_pte, of_end);
	ok(probes.count == 1 && probes.not_run == 1, "nor in one of another such op");
	memset(&probes, 0, sizeof(probes));
	add_by_itself(WORKLOAD_cli_sti, of_ccall, of_callee);
	add_by_itself(WORKLOAD_save_fl, of_ccall, of_callee);
	ok(probes.count == 3 && probes.probe[0].workload == WORKLOAD_cli_sti
	   && probes.probe[1].workload == WORKLOAD_save_fl,
	   "one is run as a pass of the op by itself, where there is one");
}

/* Ops, and what is wrong with them. */

#define FUNCTION(name, insns)						\
	__attribute__((naked)) static void name(void)			\
	{								\
		asm volatile(insns "; ret");				\
	}
#if ARCH_WORD == 8
#define REG(name)	"%r" #name
#define WORD_AT(symbol)	symbol "(%rip)"
#else
#define REG(name)	"%e" #name
#define WORD_AT(symbol)	symbol
#endif

static uint32_t event __asm__("event") __attribute__((used));

FUNCTION(nothing, "xor %eax, %eax")
FUNCTION(read_flags, "pushf; pop " REG(ax))
FUNCTION(write_flags, "push %" ARCH_ARG "; popf")
/* Native, and what it was given last is kept. */
static unsigned long last[2] __asm__("last") __attribute__((used));
#if ARCH_WORD == 8
FUNCTION(store_entry, "mov %rsi, (%rdi); mov %rdi, last(%rip)")
FUNCTION(store_slot, "mov %rcx, last+8(%rip)")
#else
FUNCTION(store_entry, "mov %edx, (%eax); mov %ecx, 4(%eax); mov %eax, last")
FUNCTION(store_slot, "mov 4(%esp), %eax; mov %eax, last+4")
#endif

FUNCTION(changes_bx, "mov $1, %ebx")
FUNCTION(changes_cx, "mov $1, %ecx")
FUNCTION(changes_bp, "xor %ebp, %ebp")
FUNCTION(if_pending, "cmpl $0, " WORD_AT("event") "; je 1f; not " REG(bx) "; 1:")

#define GOOD								\
	.irq_disable = (void *)nothing, .save_fl = (void *)read_flags,	\
	.restore_fl = (void *)write_flags,				\
	.set_pte = (void *)store_entry, .write_gdt_entry = (void *)store_slot

static const char *form;
static unsigned form_len;

/* save_fl and restore_fl have the native forms. */
static FN_patch(planted_patch)
{
	if (so->type != OP_irq_disable)
		return native_backend.ops.patch(so, buf, used);
	memcpy(buf, form, form_len);
	*used = form_len;
	return PATCHED_INLINE;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
static const struct backend
	clean = { "clean", { GOOD, .patch = planted_patch }, { GOOD }, NULL },
	bx = { "bx", { GOOD, .irq_disable = (void *)changes_bx }, { GOOD }, NULL },
	cx = { "cx", { GOOD, .irq_disable = (void *)changes_cx }, { GOOD }, NULL },
	bp = { "bp", { GOOD, .irq_disable = (void *)changes_bp }, { GOOD }, NULL },
	thunk = { "thunk", { GOOD }, { GOOD, .irq_disable = (void *)changes_cx }, NULL };
#pragma GCC diagnostic pop

#define SEED	(1u << CONVENTION_seed)
#define OTHERS	(1u << CONVENTION_ccall)
#define SAVED	(1u << CONVENTION_callee)

static const struct {
	const char *what;
	const struct backend *b;
	enum mode_id mode;
	const char *form;
	unsigned len;
	unsigned found;			/* in conventions */
	unsigned reg;
} planted[] = {
	{ "ops that change nothing", &clean, MODE_indirect, "", 0, 0, 0 },
	{ "and called directly", &clean, MODE_direct, "", 0, 0, 0 },
	{ "and out of line", &clean, MODE_key_jmp, "", 0, 0, 0 },
	{ "a form of nothing", &clean, MODE_inline, "", 0, 0, 0 },
	{ "nothing at all", &clean, MODE_nop, "", 0, 0, 0 },
	{ "a function", &bx, MODE_indirect, "", 0, SEED | OTHERS, 3 },
	{ "a function called directly", &bx, MODE_direct, "", 0, SEED | OTHERS, 3 },
	{ "a function's frame pointer", &bp, MODE_direct, "", 0, SEED | OTHERS, 5 },
	{ "a function's own register", &cx, MODE_indirect, "", 0, 0, 0 },
	{ "a thunk", &thunk, MODE_indirect, "", 0, SAVED, 1 },
	{ "a thunk called directly", &thunk, MODE_direct, "", 0, SAVED, 1 },
	{ "a form: mov $1, %ecx", &clean, MODE_inline, "\xb9\1\0\0\0", 5,
	  SEED | SAVED, 1 },
	{ "a form: mov $1, %ebx", &clean, MODE_inline, "\xbb\1\0\0\0", 5,
	  SEED | OTHERS | SAVED, 3 },
	{ "a form: mov $1, %eax", &clean, MODE_inline, "\xb8\1\0\0\0", 5, SEED, 0 },
	{ "a form that leaves a word on the stack", &clean, MODE_inline, "\x50", 1,
	  SEED | OTHERS | SAVED, 4 },
};
#define PLANTED (sizeof(planted) / sizeof(planted[0]))

static const struct nop_table *nopl(void)
{
	unsigned i = 0;

	while (strcmp(nop_tables[i]->name, "nopl"))
		i++;
	return nop_tables[i];
}

static bool patch(const struct backend *b, enum mode_id mode, bool poison)
{
	struct nop_table nops = nop_padding(nopl(), poison ? PADDING_poison
					    : PADDING_long);
	struct text_counts counts;
	struct text_error e;

	backend_install(b);
	return text_apply(&probes.text, b, &modes[mode], &nops, TEXT_ALL,
			  &writer.writer, &counts, &e);
}

/* Does a probe's check say what it must? */
static bool is_said(const struct probe *p, unsigned i, bool poison, bool checked,
		    const char *why)
{
	bool bad = p->op == OP_irq_disable
		&& planted[i].found >> p->convention & 1;
	char want[200];

	if (!bad)
		return checked;
	snprintf(want, sizeof(want),
		 "irq_disable, %s, %s%s: it changes %s, which its site does not let be changed",
		 conventions[p->convention].name, modes[planted[i].mode].name,
		 poison ? ", poisoned" : "",
		 register_name(ARCH_ISA, planted[i].reg));
	return !checked && !strcmp(why, want);
}

static void test_planted(unsigned i, bool poison)
{
	const struct probed of = { ARCH_ISA, NULL, planted[i].mode, poison };
	char why[200] = "";
	unsigned good = 0;

	form = planted[i].form;
	form_len = planted[i].len;
	patch(planted[i].b, planted[i].mode, poison);
	for (unsigned k = 0; k < probes.count; k++) {
		bool checked;

		why[0] = '\0';
		checked = PROBE_GOOD == probe_check(&machine, &probes.probe[k], &of, why,
				      sizeof(why), &met);
		if (is_said(&probes.probe[k], i, poison, checked, why))
			good++;
		else
			diag("%s, %s: %s", op_info[probes.probe[k].op].name,
			     conventions[probes.probe[k].convention].name, why);
	}
	ok(good == probes.count, "%s%s: as it must be in %u of %u",
	   planted[i].what, poison ? ", poisoned" : "", good, probes.count);
}

/* What only an event that is pending brings out. */
static void vif_set(bool on) { (void)on; }
static bool vif_get(void) { return true; }
static void vif_pend(bool pending) { event = pending; }
static const struct virtual_if vif = { vif_set, vif_get, vif_pend };

static void test_pending(void)
{
	static const struct backend b = {
		"pending", { .irq_disable = (void *)if_pending }, { GOOD }, &vif };
	const struct probed of = { ARCH_ISA, &vif, MODE_indirect, false };
	char why[200] = "";

	patch(&b, MODE_indirect, false);
	ok(probe_check(&machine, &probes.probe[2], &of, why, sizeof(why), &met) == PROBE_WRONG
	   && strstr(why, register_name(ARCH_ISA, 3)) && !event,
	   "on the way that a pending event takes: %s", why);
}

/* Arguments, where the op takes them. */
enum { W = 0x100, Q = 0x200, Q_HIGH = 0x300, FLAGS = 0x400, NO = 0xffff };

/* By number of the register; then words on the stack.  W + n is word n, Q + n a value of 64
 * bits or its low half, Q_HIGH + n its high half. */
static const struct {
	enum op op;
	enum isa isa;
	unsigned number[5], word[5], stack[CLOBBER_STACK_WORDS];
} placed[] = {
	{ OP_irq_disable, ISA_X86_64, { NO }, { 0 }, { 0 } },
	{ OP_irq_disable, ISA_IA32, { NO }, { 0 }, { 0 } },
	{ OP_restore_fl, ISA_X86_64, { 7, NO }, { FLAGS }, { 0 } },
	{ OP_restore_fl, ISA_IA32, { 0, NO }, { FLAGS }, { 0 } },
	{ OP_write_cr0, ISA_X86_64, { 7, NO }, { W }, { 0 } },
	{ OP_write_cr0, ISA_IA32, { 0, NO }, { W }, { 0 } },
	{ OP_set_debugreg, ISA_X86_64, { 7, 6, NO }, { W, W + 1 }, { 0 } },
	{ OP_set_debugreg, ISA_IA32, { 0, 2, NO }, { W, W + 1 }, { 0 } },
	{ OP_set_pte, ISA_X86_64, { 7, 6, NO }, { W, Q }, { 0 } },
	{ OP_set_pte, ISA_IA32, { 0, 2, 1, NO }, { W, Q, Q_HIGH }, { 0 } },
	{ OP_make_pte, ISA_X86_64, { 7, NO }, { Q }, { 0 } },
	{ OP_make_pte, ISA_IA32, { 0, 2, NO }, { Q, Q_HIGH }, { 0 } },
	{ OP_pte_clear, ISA_X86_64, { 7, 6, 2, NO }, { W, W + 1, W + 2 }, { 0 } },
	{ OP_pte_clear, ISA_IA32, { 0, 2, 1, NO }, { W, W + 1, W + 2 }, { 0 } },
	{ OP_write_gdt_entry, ISA_X86_64, { 7, 6, 2, 1, NO }, { W, W + 1, W + 2, W + 3 },
	  { 0 } },
	{ OP_write_gdt_entry, ISA_IA32, { 0, 2, 1, NO }, { W, W + 1, W + 2 }, { W + 3 } },
	{ OP_set_pte_at, ISA_X86_64, { 7, 6, 2, 1, NO }, { W, W + 1, W + 2, Q }, { 0 } },
	{ OP_set_pte_at, ISA_IA32, { 0, 2, 1, NO }, { W, W + 1, W + 2 }, { Q, Q_HIGH } },
};
#define PLACED	(sizeof(placed) / sizeof(placed[0]))

static bool is_placed(unsigned i, const struct clobber_frame *f)
{
	struct registers want;

	registers_pattern(&want);
	for (unsigned k = 0; k < 5 && placed[i].number[k] != NO; k++)
		want.r[placed[i].number[k]] = placed[i].word[k];
	for (unsigned k = 0; k < CLOBBER_STACK_WORDS; k++)
		if (placed[i].stack[k] && f->stack[k] != placed[i].stack[k])
			return false;
	return !memcmp(&want, &f->in, sizeof(want));
}

static void test_arguments(void)
{
	for (unsigned i = 0; i < PLACED; i++) {
		bool ia32 = placed[i].isa == ISA_IA32;
		struct clobber_frame f = { 0 };
		struct work w = { .flags = FLAGS };

		for (unsigned k = 0; k < 4; k++)
			w.arg[k] = W + k;
		for (unsigned k = 0; k < 2; k++)
			w.arg_q[k] = Q + k + (ia32 ? (uint64_t)(Q_HIGH + k) << 32 : 0);
		registers_pattern(&f.in);
		probe_arguments(placed[i].isa, placed[i].op, &w, &f);
		ok(is_placed(i, &f), "%s, %s: arguments are where it takes them",
		   op_info[placed[i].op].name, ia32 ? "ia32" : "x86-64");
	}
}

/* Of ops by themselves: what they were given last, and a machine that lends nothing. */
static const char *lend_nothing(void *ctx, const struct table_op *op, struct work *w)
{
	(void)ctx, (void)op, (void)w;
	return "not here";
}

static void test_given(void)
{
	const struct probed of = { ARCH_ISA, NULL, MODE_indirect, false };
	char why[200] = "";

	last[0] = last[1] = 0;
	patch(&clean, MODE_indirect, false);
	ok(probe_check(&machine, &probes.probe[0], &of, why, sizeof(why), &met) == PROBE_GOOD
	   && last[0], "set_pte was given an entry");
	ok(probe_check(&machine, &probes.probe[1], &of, why, sizeof(why), &met) == PROBE_GOOD
	   && last[1] == (uint32_t)(OPERANDS_NEW >> 32),
	   "write_gdt_entry the last of its four words: 0x%lx", last[1]);
	machine.lend = lend_nothing;
	last[0] = 0;
	ok(probe_check(&machine, &probes.probe[0], &of, why, sizeof(why), &met) == PROBE_NOT_RUN
	   && !last[0] && !why[0], "what is lent nothing is not run");
	machine.lend = NULL;
}

/* A set_pte that changes what a call keeps is found. */
static void test_given_wrong(void)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
	static const struct backend b = {
		"pte", { GOOD, .set_pte = (void *)changes_bx }, { GOOD }, NULL };
#pragma GCC diagnostic pop
	const struct probed of = { ARCH_ISA, NULL, MODE_indirect, false };
	char why[200] = "";

	patch(&b, MODE_indirect, false);
	ok(probe_check(&machine, &probes.probe[0], &of, why, sizeof(why), &met) == PROBE_WRONG
	   && strstr(why, "set_pte, ccall, indirect: it changes"), "%s", why);
	ok(probe_check(&machine, &probes.probe[1], &of, why, sizeof(why), &met) == PROBE_GOOD,
	   "and the other is as it was");
}

int main(void)
{
	mprotect(code, sizeof(code), PROT_READ | PROT_WRITE | PROT_EXEC);
	test_judge();
	test_pattern();
	test_arguments();
	if (!ok(open_text(), "the text is accepted"))
		return done();
	test_build();
	test_others();
	begin();
	add_all();
	if (!ok(!probes_build(&probes, &machine, &text, memory), "probes are built"))
		return done();
	for (unsigned i = 0; i < PLANTED; i++) {
		test_planted(i, false);
		if (modes[planted[i].mode].pads)
			test_planted(i, true);
	}
	test_pending();
	test_given();
	test_given_wrong();
	return done();
}
