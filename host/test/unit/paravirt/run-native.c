/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The native backend's forms, byte for byte against the assembler; its hook's
 * outcomes; the ops table, its lists and its traps.
 *
 * Linked with core/paravirt/native.c and core/paravirt/ops.c.  Nothing privileged is
 * executed: of the ops only those are called that ring 3 may run, and those
 * that stop before their first instruction.
 */
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include "paravirt/native.h"
#include "backend/backends.h"
#include "tap.h"

/*
 * What each form must be: FORM(op, ia32, its scratch, x86-64, its scratch), as
 * its author would write it for the assembler; FORM_64 where ia32 has none.
 * Every op that is not listed must have no form.
 */
#define WRITE_SLOT_32	"mov %ecx, (%eax,%edx,8); mov (%esp), %ecx; " \
			"mov %ecx, 4(%eax,%edx,8)"
#define WRITE_SLOT_64	"mov %edx, (%rdi,%rsi,8); mov %ecx, 4(%rdi,%rsi,8)"
#define SET_ENTRY_32	"mov 4(%esp), %eax; mov %eax, 4(%ecx); mov (%esp), %eax; " \
			"mov %eax, (%ecx)"
#define FORMS(FORM, FORM_64)						\
	FORM(irq_disable, "cli", 0, "cli", 0)				\
	FORM(irq_enable, "sti", 0, "sti", 0)				\
	FORM(save_fl, "pushf; pop %eax", 0, "pushf; pop %rax", 0)	\
	FORM(irq_save, "pushf; pop %eax; cli", 0, "pushf; pop %rax; cli", 0) \
	FORM(restore_fl, "push %eax; popf", 0, "push %rdi; popf", 0)	\
	FORM(safe_halt, "sti; hlt", 0, "sti; hlt", 0)			\
	FORM(halt, "hlt", 0, "hlt", 0)					\
	FORM(clts, "clts", 0, "clts", 0)				\
	FORM(read_cr0, "mov %cr0, %eax", 0, "mov %cr0, %rax", 0)	\
	FORM(read_cr2, "mov %cr2, %eax", 0, "mov %cr2, %rax", 0)	\
	FORM(read_cr3, "mov %cr3, %eax", 0, "mov %cr3, %rax", 0)	\
	FORM(read_cr4, "mov %cr4, %eax", 0, "mov %cr4, %rax", 0)	\
	FORM(read_cr4_safe, "mov %cr4, %eax", 0, "mov %cr4, %rax", 0)	\
	FORM(write_cr0, "mov %eax, %cr0", 0, "mov %rdi, %cr0", 0)	\
	FORM(write_cr2, "mov %eax, %cr2", 0, "mov %rdi, %cr2", 0)	\
	FORM(write_cr3, "mov %eax, %cr3", 0, "mov %rdi, %cr3", 0)	\
	FORM(write_cr4, "mov %eax, %cr4", 0, "mov %rdi, %cr4", 0)	\
	FORM(wbinvd, "wbinvd", 0, "wbinvd", 0)				\
	FORM(read_tsc, "rdtsc", 0,					\
	     "rdtsc; shl $32, %rdx; or %rdx, %rax", CLOBBER_DX)		\
	FORM(read_pmc, "xor %ecx, %ecx; rdpmc", CLOBBER_CX,		\
	     "xor %ecx, %ecx; rdpmc; shl $32, %rdx; or %rdx, %rax",	\
	     CLOBBER_CX | CLOBBER_DX)					\
	FORM(store_tr, "str %eax", 0, "str %eax", 0)			\
	FORM(io_delay, "out %al, $0x80", 0, "out %al, $0x80", 0)	\
	FORM(flush_tlb_user, "mov %cr3, %eax; mov %eax, %cr3", CLOBBER_AX, \
	     "mov %cr3, %rax; mov %rax, %cr3", CLOBBER_AX)		\
	FORM(flush_tlb_single, "invlpg (%eax)", 0, "invlpg (%rdi)", 0)	\
	FORM(load_gdt, "lgdt (%eax)", 0, "lgdt (%rdi)", 0)		\
	FORM(load_idt, "lidt (%eax)", 0, "lidt (%rdi)", 0)		\
	FORM(store_gdt, "sgdt (%eax)", 0, "sgdt (%rdi)", 0)		\
	FORM(store_idt, "sidt (%eax)", 0, "sidt (%rdi)", 0)		\
	FORM(read_msr, "movl $0, (%edx); mov %eax, %ecx; rdmsr", CLOBBER_CX, \
	     "mov %edi, %ecx; rdmsr; shl $32, %rdx; or %rdx, %rax; "	\
	     "xor %ecx, %ecx; mov %ecx, (%rsi)", CLOBBER_CX | CLOBBER_DX) \
	FORM(write_msr, "xchg %eax, %ecx; xchg %eax, %edx; wrmsr; xor %eax, %eax", \
	     CLOBBER_CX | CLOBBER_DX,					\
	     "mov %edi, %ecx; mov %esi, %eax; mov %rsi, %rdx; shr $32, %rdx; wrmsr; " \
	     "xor %eax, %eax", CLOBBER_CX | CLOBBER_DX)			\
	FORM(write_ldt_entry, WRITE_SLOT_32, CLOBBER_CX, WRITE_SLOT_64, 0) \
	FORM(write_gdt_entry, WRITE_SLOT_32, CLOBBER_CX, WRITE_SLOT_64, 0) \
	FORM(write_idt_entry, WRITE_SLOT_32, CLOBBER_CX, WRITE_SLOT_64, 0) \
	FORM(load_esp0, "mov 24(%edx), %edx; mov %edx, 4(%eax)", CLOBBER_DX, \
	     "mov 24(%rsi), %rax; mov %rax, 4(%rdi)", CLOBBER_AX)	\
	FORM(set_pte, "mov %ecx, 4(%eax); mov %edx, (%eax)", 0, "mov %rsi, (%rdi)", 0) \
	FORM(set_pud, "mov %ecx, 4(%eax); mov %edx, (%eax)", 0, "mov %rsi, (%rdi)", 0) \
	FORM_64(set_pmd, "mov %rsi, (%rdi)", 0)				\
	FORM_64(set_pte_atomic, "mov %rsi, (%rdi)", 0)			\
	FORM(set_pte_at, SET_ENTRY_32, CLOBBER_AX, "mov %rcx, (%rdx)", 0) \
	FORM(ptep_modify_prot_commit, SET_ENTRY_32, CLOBBER_AX, "mov %rcx, (%rdx)", 0) \
	FORM(set_pte_present, "xor %edx, %edx; mov %edx, (%ecx); " SET_ENTRY_32, \
	     CLOBBER_AX | CLOBBER_DX, "mov %rcx, (%rdx)", 0)		\
	FORM(pte_clear, "movl $0, (%ecx); movl $0, 4(%ecx)", 0, "movq $0, (%rdx)", 0) \
	FORM(pmd_clear, "movl $0, (%eax); movl $0, 4(%eax)", 0, "movq $0, (%rdi)", 0) \
	FORM(ptep_modify_prot_start,					\
	     "xor %eax, %eax; xchg %eax, (%ecx); mov 4(%ecx), %edx; movl $0, 4(%ecx)", 0, \
	     "xor %eax, %eax; xchg %rax, (%rdx)", 0)			\
	FORM(pte_update, "", 0, "", 0)					\
	FORM(pte_update_defer, "", 0, "", 0)				\
	FORM_64(swapgs, "swapgs", 0)					\
	FORM_64(read_cr8, "mov %cr8, %rax", 0)				\
	FORM_64(write_cr8, "mov %rdi, %cr8", 0)				\
	FORM(make_pte, "", 0, "mov %rdi, %rax", 0)			\
	FORM(pte_val, "", 0, "mov %rdi, %rax", 0)			\
	FORM(enter_lazy_mmu, "", 0, "", 0)				\
	FORM(leave_lazy_mmu, "", 0, "", 0)				\
	FORM(flush_lazy_mmu, "", 0, "", 0)				\
	FORM(start_context_switch, "", 0, "", 0)			\
	FORM(end_context_switch, "", 0, "", 0)				\
	FORM(queued_spin_unlock, "movb $0, (%eax)", 0, "movb $0, (%rdi)", 0) \
	FORM(wait, "", 0, "", 0)					\
	FORM(kick, "", 0, "", 0)					\
	FORM(vcpu_is_preempted, "xor %eax, %eax", 0, "xor %eax, %eax", 0) \
	FORM(iret, "iret", 0, "iretq", 0)

#define FORM(op, insns_32, scratch_32, insns_64, scratch_64)		\
	asm(".pushsection .rodata\n"					\
	    ".code32\nia32_" #op ": " insns_32 "\nia32_" #op "_end:\n"	\
	    ".code64\nx64_" #op ": " insns_64 "\nx64_" #op "_end:\n"	\
	    ".popsection");						\
	extern const uint8_t ia32_##op[], ia32_##op##_end[];		\
	extern const uint8_t x64_##op[], x64_##op##_end[];
#define FORM_64(op, insns_64, scratch_64) FORM(op, "", 0, insns_64, scratch_64)
FORMS(FORM, FORM_64)
#undef FORM
#undef FORM_64

static const struct want {
	const uint8_t *begin, *end;	/* NULL: no form */
	unsigned scratch;
} wants[ISA_COUNT][OP_COUNT] = {
#define FORM(op, insns_32, scratch_32, insns_64, scratch_64)		\
	[ISA_IA32][OP_##op] = { ia32_##op, ia32_##op##_end, scratch_32 },
#define FORM_64(op, insns_64, scratch_64)
FORMS(FORM, FORM_64)
#undef FORM
#undef FORM_64
#define FORM(op, insns_32, scratch_32, insns_64, scratch_64)		\
	[ISA_X86_64][OP_##op] = { x64_##op, x64_##op##_end, scratch_64 },
#define FORM_64(op, insns_64, scratch_64) FORM(op, "", 0, insns_64, scratch_64)
FORMS(FORM, FORM_64)
#undef FORM
#undef FORM_64
};

static const char *const isa_names[ISA_COUNT] = { "ia32", "x86_64" };

#define ALL_CLOBBERS	0x1ffu
#define BUILT		0xa5	/* what the buffer holds before */
#define UNUSED		12345u	/* what *used holds before */

static uint8_t buf[FORM_LEN_MAX];
static unsigned used;

static enum patched hook(enum isa isa, unsigned type, unsigned len,
			 unsigned clobbers)
{
	const struct sited_op so = {
		.isa = isa, .type = type, .len = len, .clobbers = clobbers,
	};

	memset(buf, BUILT, sizeof(buf));
	used = UNUSED;
	return native_backend.ops.patch(&so, buf, &used);
}

/* The buffer from @begin on is as built. */
static bool untouched(unsigned begin)
{
	for (unsigned i = begin; i < sizeof(buf); i++)
		if (buf[i] != BUILT)
			return false;
	return true;
}

static bool kept(enum patched outcome, enum patched want)
{
	return outcome == want && used == UNUSED && untouched(0);
}

static bool patched(enum patched outcome, const struct want *w)
{
	unsigned len = (unsigned)(w->end - w->begin);

	return outcome == PATCHED_INLINE && used == len
		&& !memcmp(buf, w->begin, len) && untouched(len);
}

/* Lengths 0 to 16, and the longest a site can have. */
static bool every_length(enum isa isa, unsigned type)
{
	const struct want *w = &wants[isa][type];

	for (unsigned len = 0; len <= SITE_LEN_MAX;
	     len = len == 16 ? SITE_LEN_MAX : len + 1) {
		enum patched got = hook(isa, type, len, ALL_CLOBBERS);
		bool good;

		if (!w->begin)
			good = kept(got, KEPT_NO_FORM);
		else if (len < (unsigned)(w->end - w->begin))
			good = kept(got, KEPT_TOO_SMALL);
		else
			good = patched(got, w);
		if (!good) {
			diag("at %u bytes: outcome %d, used %u", len, got, used);
			return false;
		}
	}
	return true;
}

/* A form is there exactly where the site allows all that it changes; and if it
 * is not, that is said before the site's length is looked at.  An op without a form
 * has none whatever is allowed. */
static bool every_clobber(enum isa isa, unsigned type)
{
	const struct want *w = &wants[isa][type];
	enum patched why = w->begin ? KEPT_NO_REGISTER : KEPT_NO_FORM;

	for (unsigned allowed = 0; allowed <= ALL_CLOBBERS; allowed++) {
		bool form = w->begin && !(w->scratch & ~allowed);
		bool good = form
			? patched(hook(isa, type, 16, allowed), w)
			: kept(hook(isa, type, 16, allowed), why);

		good &= form || kept(hook(isa, type, 0, allowed), why);
		if (!good) {
			diag("allowed 0x%x: used %u", allowed, used);
			return false;
		}
	}
	return true;
}

static void test_forms(void)
{
	for (enum isa isa = 0; isa < ISA_COUNT; isa++) {
		for (unsigned op = 0; op < OP_COUNT; op++) {
			ok(every_length(isa, op), "%s %s: bytes and lengths",
			   isa_names[isa], op_info[op].name);
			ok(every_clobber(isa, op), "%s %s: clobbers",
			   isa_names[isa], op_info[op].name);
		}
	}
}

static const unsigned unknown_types[] = {
	OP_COUNT, OP_COUNT + 1, 255, 256, 256 + OP_irq_disable, 0x7fffffff,
	0xffffffff,
};

#define UNKNOWN_TYPES	(sizeof(unknown_types) / sizeof(*unknown_types))

static bool has_no_form(enum isa isa, unsigned type)
{
	return kept(hook(isa, type, 16, ALL_CLOBBERS), KEPT_NO_FORM);
}

static void test_unknown(void)
{
	for (size_t i = 0; i < UNKNOWN_TYPES; i++) {
		unsigned type = unknown_types[i];

		ok(has_no_form(ISA_IA32, type) && has_no_form(ISA_X86_64, type),
		   "type %u has no form", type);
	}
	ok(has_no_form(ISA_COUNT, OP_irq_disable), "an unknown ISA has no form");
}
#define UNKNOWN_TESTS	(UNKNOWN_TYPES + 1)

/* The lists.  A slot is read as an object pointer: on every machine this runs
 * on they have the same size, which paravirt/ops.h asserts. */

static const size_t offsets[OP_COUNT] = {
#define OP(name, shape, class, ring3, contract) \
	[OP_##name] = offsetof(struct paravirt_ops, name),
#include "list/op.def"
#undef OP
};

static bool slot_is_set(const struct paravirt_ops *ops, unsigned op)
{
	void *slot;

	memcpy(&slot, (const char *)ops + op * sizeof(slot), sizeof(slot));
	return slot != NULL;
}

/* An op that traps has no form: there is nothing to put in its place. */
static bool form_suits_class(unsigned op)
{
	return op_info[op].class != OP_CLASS_trap
		|| (!wants[ISA_IA32][op].begin && !wants[ISA_X86_64][op].begin);
}

static void test_lists(void)
{
	for (unsigned op = 0; op < OP_COUNT; op++) {
		const struct op_info *i = &op_info[op];

		ok(i->name && i->name[0] && i->contract && i->contract[0]
		   && form_suits_class(op)
		   && offsets[op] == op * sizeof(void *)
		   && slot_is_set(&native_backend.ops, op),
		   "op %u, %s: name, contract, slot", op, i->name);
	}
	ok(!memcmp(&paravirt_ops, &native_backend.ops, sizeof(paravirt_ops)),
	   "the table in force begins as the native one");
	ok(backends[BACKEND_native] == &native_backend
	   && !strcmp(native_backend.name, "native"), "the native backend is listed");
}
#define LIST_TESTS	(OP_COUNT + 2)

/* Traps. */

static sigjmp_buf back;
static int trapped;

static void on_trap(enum op op)
{
	trapped = (int)op;
	siglongjmp(back, 1);
}

static void on_sigill(int signal)
{
	(void)signal;
	siglongjmp(back, 1);
}

/* True if the statement ended in op_trap(op). */
#define TRAPS(op, statement) ({						\
	trapped = -1;							\
	if (!sigsetjmp(back, 1)) {					\
		statement;						\
	}								\
	trapped == (int)(op); })

static void returns(enum op op)
{
	trapped = (int)op;
}

static bool ends_in_ud2(void (*handler)(enum op op))
{
	struct sigaction new = { .sa_handler = on_sigill }, old;
	volatile bool returned = true;

	op_trap_install(handler);
	sigaction(SIGILL, &new, &old);
	if (!sigsetjmp(back, 1))
		op_trap(OP_banner);
	else
		returned = false;
	sigaction(SIGILL, &old, NULL);
	op_trap_install(on_trap);
	return !returned;
}

#define CALL_v_v(op)	paravirt_ops.op()
#define CALL_u_v(op)	(void)paravirt_ops.op()
#define CALL_p_v(op)	(void)paravirt_ops.op()
#define CALL_i_u(op)	(void)paravirt_ops.op(1)

static void test_traps(void)
{
	op_trap_install(on_trap);
#define TEST_timed(shape, name)
#define TEST_setup(shape, name)
#define TEST_jump(shape, name)
#define TEST_trap(shape, name) \
	ok(TRAPS(OP_##name, CALL_##shape(name)), #name " traps as itself");
#define TEST_x64	ARCH_X64(TEST)
#define OP(name, shape, class, ring3, contract) TEST_##class(shape, name)
#include "list/op.def"
#undef OP
	trapped = -1;
	ok(ends_in_ud2(NULL) && trapped == -1, "no handler: UD2");
	ok(ends_in_ud2(returns) && trapped == OP_banner,
	   "a handler that returns: UD2");
}

#define COUNT_timed	0
#define COUNT_setup	0
#define COUNT_jump	0
#define COUNT_trap	1
#define COUNT_x64	ARCH_X64(COUNT)
#define OP(name, shape, class, ring3, contract) + COUNT_##class
enum {
	TRAP_TESTS = 2
#include "list/op.def"
};
#undef OP

/* What is not prepared is refused by name, before anything happens. */
static void test_unprepared(void)
{
	struct native_thread thread = { .sp0 = 1 };
	uint64_t table[4] = { 0 };

	memset(&native_env, 0, sizeof(native_env));
	ok1(TRAPS(OP_load_tr_desc, paravirt_ops.load_tr_desc()));
	ok1(TRAPS(OP_set_ldt, paravirt_ops.set_ldt(table, 1)));
	ok1(TRAPS(OP_load_tls, paravirt_ops.load_tls(&thread, 0)));
	ok1(TRAPS(OP_const_udelay, paravirt_ops.const_udelay(1)));
	ok1(TRAPS(OP_apic_read, paravirt_ops.apic_read(0x30)));
	ok1(TRAPS(OP_apic_write, paravirt_ops.apic_write(0x80, 0)));
	ok1(TRAPS(OP_apic_write_atomic, paravirt_ops.apic_write_atomic(0x80, 0)));
	ok1(TRAPS(OP_get_debugreg, paravirt_ops.get_debugreg(4)));
	ok1(TRAPS(OP_set_debugreg, paravirt_ops.set_debugreg(5, 0)));
	ok1(TRAPS(OP_get_debugreg, paravirt_ops.get_debugreg(8)));
	native_env.gdt = table;
	native_env.ldt_selector = 8;
	ok1(TRAPS(OP_set_ldt, paravirt_ops.set_ldt(table, NATIVE_LDT_MAX + 1)));
	native_env.tsc_hz = 1000;
	ok1(TRAPS(OP_const_udelay, paravirt_ops.const_udelay(1ul << 32)));
	ok1(!table[0] && !table[1] && !table[2] && !table[3]);
	memset(&native_env, 0, sizeof(native_env));
}
#define UNPREPARED_TESTS	13

/* Ops that only touch memory, and those that ring 3 may run. */

static void test_memory(void)
{
	struct native_thread thread = { .tls = { 1, 2, 3 }, .sp0 = 0x1234 };
	struct native_tss tss = { .iomap = 7 };
	uint64_t t[5] = { 9, 9, 9, 9, 9 };

	paravirt_ops.write_gdt_entry(t, 2, 0x11223344, 0x55667788);
	ok1(t[1] == 9 && t[2] == 0x5566778811223344 && t[3] == 9);
	paravirt_ops.set_pte_present(NULL, 0, &t[2], ~0ull);
	ok1(t[1] == 9 && t[2] == ~0ull && t[3] == 9);
	paravirt_ops.pte_clear(NULL, 0, &t[2]);
	ok1(t[1] == 9 && t[2] == 0 && t[3] == 9);
	native_env.gdt = t;
	native_env.tls_index = 1;
	paravirt_ops.load_tls(&thread, 0);
	ok1(t[0] == 9 && t[1] == 1 && t[2] == 2 && t[3] == 3 && t[4] == 9);
	paravirt_ops.load_esp0(&tss, &thread);
	ok1(tss.sp0 == 0x1234 && tss.reserved0 == 0 && tss.sp1 == 0 && tss.iomap == 7);
	native_system_descriptor(t, NATIVE_TSS, (void *)0x1122334455667788, 0x12345);
	ok1(t[0] == 0x5501896677882345 && t[1] == 0x11223344);
	memset(&native_env, 0, sizeof(native_env));
}
#define MEMORY_TESTS	6

static void test_ring3(void)
{
	uint32_t a = 0, b = 0, c = 0, d = 0;
	uint64_t before = native_read_tsc();

	paravirt_ops.cpuid(&a, &b, &c, &d);
	ok1(a != 0 && b != 0);
	ok1(paravirt_ops.save_fl() & 0x2);
	ok1(paravirt_ops.read_tsc() > before);
	/* 2^31 / 2^32 of a second that has 20000 ticks */
	native_env.tsc_hz = 20000;
	before = native_read_tsc();
	paravirt_ops.const_udelay(0x80000000);
	ok1(native_read_tsc() - before >= 10000);
	native_env.tsc_hz = 0;
}
#define RING3_TESTS	4

int main(void)
{
	plan((int)(2 * ISA_COUNT * OP_COUNT + UNKNOWN_TESTS + LIST_TESTS
		   + TRAP_TESTS + UNPREPARED_TESTS + MEMORY_TESTS + RING3_TESTS));
	test_forms();
	test_unknown();
	test_lists();
	test_traps();
	test_unprepared();
	test_memory();
	test_ring3();
	return done();
}
