/* SPDX-License-Identifier: GPL-2.0-only */
/* The native backend: the instructions themselves, as on bare metal. */
#include "paravirt/backend.h"
#include "paravirt/native.h"
#include "paravirt/thunked.h"

struct native_env native_env;

/*
 * Forms: what a patched site of each op is, before padding.
 *
 * A form finds its operands where the op's arguments are (shape.h): on x86-64 in
 * RDI, RSI, RDX, RCX, on ia32 in EAX, EDX, ECX, and what is passed on the stack at
 * (%esp), as nothing was called.  It leaves its result in RAX, or EAX, or EDX:EAX.
 * It changes no other register, the flags excepted, unless the site allows it: a
 * site that keeps all registers (the seed's) was compiled on that promise.
 *
 * No form: ops that need an address (native_env) or a loop; those that choose by a
 * value (a debug register's number) or by a state (flush_tlb_kernel: CR4.PGE); those
 * that need a register which every site keeps (cpuid; on ia32 CMPXCHG8B).
 *
 * host/test/unit/paravirt/run-native.c holds every form against the assembler.
 */
struct form {
	uint8_t there;		/* 0: no form */
	uint8_t len;		/* bytes */
	uint8_t scratch;	/* enum clobber bits it needs from the site */
	uint8_t bytes[16];
};

#define FORM(insns)		FORM_USES(0, insns)
#define FORM_USES(regs, insns)	{ 1, sizeof(insns) - 1, regs, insns }
#define FORM_NOTHING		FORM("")	/* the site is NOPs */

/* Of ia32, several times: a descriptor and an entry are stored in two halves. */
#define WRITE_SLOT_32		"\x89\x0c\xd0\x8b\x0c\x24\x89\x4c\xd0\x04"
#define SET_ENTRY_32		"\x8b\x44\x24\x04\x89\x41\x04\x8b\x04\x24\x89\x01"

_Static_assert(offsetof(struct native_thread, sp0) == 24, "forms of load_esp0 say so");

static const struct form native_forms[ISA_COUNT][OP_COUNT] = {
[ISA_IA32] = {
	[OP_irq_disable]	= FORM("\xfa"),		/* cli */
	[OP_irq_enable]		= FORM("\xfb"),		/* sti */
	[OP_save_fl]		= FORM("\x9c\x58"),	/* pushf; pop %eax */
	[OP_restore_fl]		= FORM("\x50\x9d"),	/* push %eax; popf */
	[OP_irq_save]		= FORM("\x9c\x58\xfa"), /* pushf; pop %eax; cli */
	[OP_safe_halt]		= FORM("\xfb\xf4"),	/* sti; hlt */
	[OP_halt]		= FORM("\xf4"),		/* hlt */
	[OP_clts]		= FORM("\x0f\x06"),	/* clts */
	[OP_read_cr0]		= FORM("\x0f\x20\xc0"),	/* mov %cr0, %eax */
	[OP_read_cr2]		= FORM("\x0f\x20\xd0"),
	[OP_read_cr3]		= FORM("\x0f\x20\xd8"),
	[OP_read_cr4]		= FORM("\x0f\x20\xe0"),
	[OP_read_cr4_safe]	= FORM("\x0f\x20\xe0"),
	[OP_write_cr0]		= FORM("\x0f\x22\xc0"),	/* mov %eax, %cr0 */
	[OP_write_cr2]		= FORM("\x0f\x22\xd0"),
	[OP_write_cr3]		= FORM("\x0f\x22\xd8"),
	[OP_write_cr4]		= FORM("\x0f\x22\xe0"),
	[OP_wbinvd]		= FORM("\x0f\x09"),	/* wbinvd */
	[OP_read_tsc]		= FORM("\x0f\x31"),	/* rdtsc */
	/* xor %ecx, %ecx; rdpmc */
	[OP_read_pmc]		= FORM_USES(CLOBBER_CX, "\x31\xc9\x0f\x33"),
	[OP_store_tr]		= FORM("\x0f\x00\xc8"),	/* str %eax */
	[OP_io_delay]		= FORM("\xe6\x80"),	/* out %al, $0x80 */
	/* mov %cr3, %eax; mov %eax, %cr3 */
	[OP_flush_tlb_user]	= FORM_USES(CLOBBER_AX,
					    "\x0f\x20\xd8\x0f\x22\xd8"),
	[OP_flush_tlb_single]	= FORM("\x0f\x01\x38"),	/* invlpg (%eax) */
	[OP_load_gdt]		= FORM("\x0f\x01\x10"),	/* lgdt (%eax) */
	[OP_load_idt]		= FORM("\x0f\x01\x18"),
	[OP_store_gdt]		= FORM("\x0f\x01\x00"),
	[OP_store_idt]		= FORM("\x0f\x01\x08"),
	/* movl $0, (%edx); mov %eax, %ecx; rdmsr */
	[OP_read_msr]		= FORM_USES(CLOBBER_CX,
			"\xc7\x02\0\0\0\0\x89\xc1\x0f\x32"),
	/* xchg %eax, %ecx; xchg %eax, %edx; wrmsr; xor %eax, %eax */
	[OP_write_msr]		= FORM_USES(CLOBBER_CX | CLOBBER_DX,
			"\x91\x92\x0f\x30\x31\xc0"),
	/* mov %ecx, (%eax,%edx,8); mov (%esp), %ecx; mov %ecx, 4(%eax,%edx,8) */
	[OP_write_ldt_entry]	= FORM_USES(CLOBBER_CX, WRITE_SLOT_32),
	[OP_write_gdt_entry]	= FORM_USES(CLOBBER_CX, WRITE_SLOT_32),
	[OP_write_idt_entry]	= FORM_USES(CLOBBER_CX, WRITE_SLOT_32),
	/* mov 24(%edx), %edx; mov %edx, 4(%eax) */
	[OP_load_esp0]		= FORM_USES(CLOBBER_DX, "\x8b\x52\x18\x89\x50\x04"),
	/* mov %ecx, 4(%eax); mov %edx, (%eax) */
	[OP_set_pte]		= FORM("\x89\x48\x04\x89\x10"),
	[OP_set_pud]		= FORM("\x89\x48\x04\x89\x10"),
	/* mov 4(%esp), %eax; mov %eax, 4(%ecx); mov (%esp), %eax; mov %eax, (%ecx) */
	[OP_set_pte_at]		= FORM_USES(CLOBBER_AX, SET_ENTRY_32),
	[OP_ptep_modify_prot_commit] = FORM_USES(CLOBBER_AX, SET_ENTRY_32),
	/* xor %edx, %edx; mov %edx, (%ecx); and the same */
	[OP_set_pte_present]	= FORM_USES(CLOBBER_AX | CLOBBER_DX,
					    "\x31\xd2\x89\x11" SET_ENTRY_32),
	/* movl $0, (%ecx); movl $0, 4(%ecx) */
	[OP_pte_clear]		= FORM("\xc7\x01\0\0\0\0\xc7\x41\x04\0\0\0\0"),
	[OP_pmd_clear]		= FORM("\xc7\x00\0\0\0\0\xc7\x40\x04\0\0\0\0"),
	/* xor %eax, %eax; xchg %eax, (%ecx); mov 4(%ecx), %edx; movl $0, 4(%ecx) */
	[OP_ptep_modify_prot_start] = FORM("\x31\xc0\x87\x01\x8b\x51\x04"
					   "\xc7\x41\x04\0\0\0\0"),
	[OP_pte_update]		= FORM_NOTHING,
	[OP_pte_update_defer]	= FORM_NOTHING,
	[OP_iret]		= FORM("\xcf"),		/* iret */
	/* the result is where the argument was */
	[OP_make_pte]		= FORM_NOTHING,
	[OP_pte_val]		= FORM_NOTHING,
	[OP_queued_spin_unlock]	= FORM("\xc6\x00\x00"),	/* movb $0, (%eax) */
	[OP_enter_lazy_mmu]	= FORM_NOTHING,
	[OP_leave_lazy_mmu]	= FORM_NOTHING,
	[OP_flush_lazy_mmu]	= FORM_NOTHING,
	[OP_start_context_switch] = FORM_NOTHING,
	[OP_end_context_switch]	= FORM_NOTHING,
	[OP_wait]		= FORM_NOTHING,
	[OP_kick]		= FORM_NOTHING,
	/* xor %eax, %eax */
	[OP_vcpu_is_preempted]	= FORM("\x31\xc0"),
},
[ISA_X86_64] = {
	[OP_irq_disable]	= FORM("\xfa"),		/* cli */
	[OP_irq_enable]		= FORM("\xfb"),		/* sti */
	[OP_save_fl]		= FORM("\x9c\x58"),	/* pushf; pop %rax */
	[OP_restore_fl]		= FORM("\x57\x9d"),	/* push %rdi; popf */
	[OP_irq_save]		= FORM("\x9c\x58\xfa"), /* pushf; pop %rax; cli */
	[OP_safe_halt]		= FORM("\xfb\xf4"),	/* sti; hlt */
	[OP_halt]		= FORM("\xf4"),		/* hlt */
	[OP_clts]		= FORM("\x0f\x06"),	/* clts */
	[OP_read_cr0]		= FORM("\x0f\x20\xc0"),	/* mov %cr0, %rax */
	[OP_read_cr2]		= FORM("\x0f\x20\xd0"),
	[OP_read_cr3]		= FORM("\x0f\x20\xd8"),
	[OP_read_cr4]		= FORM("\x0f\x20\xe0"),
	[OP_read_cr4_safe]	= FORM("\x0f\x20\xe0"),
	[OP_write_cr0]		= FORM("\x0f\x22\xc7"),	/* mov %rdi, %cr0 */
	[OP_write_cr2]		= FORM("\x0f\x22\xd7"),
	[OP_write_cr3]		= FORM("\x0f\x22\xdf"),
	[OP_write_cr4]		= FORM("\x0f\x22\xe7"),
	[OP_wbinvd]		= FORM("\x0f\x09"),	/* wbinvd */
	/* rdtsc; shl $32, %rdx; or %rdx, %rax */
	[OP_read_tsc]		= FORM_USES(CLOBBER_DX,
			"\x0f\x31\x48\xc1\xe2\x20\x48\x09\xd0"),
	/* xor %ecx, %ecx; rdpmc; shl $32, %rdx; or %rdx, %rax */
	[OP_read_pmc]		= FORM_USES(CLOBBER_CX | CLOBBER_DX,
			"\x31\xc9\x0f\x33\x48\xc1\xe2\x20\x48\x09\xd0"),
	[OP_store_tr]		= FORM("\x0f\x00\xc8"),	/* str %eax */
	[OP_io_delay]		= FORM("\xe6\x80"),	/* out %al, $0x80 */
	/* mov %cr3, %rax; mov %rax, %cr3 */
	[OP_flush_tlb_user]	= FORM_USES(CLOBBER_AX,
					    "\x0f\x20\xd8\x0f\x22\xd8"),
	[OP_flush_tlb_single]	= FORM("\x0f\x01\x3f"),	/* invlpg (%rdi) */
	[OP_load_gdt]		= FORM("\x0f\x01\x17"),	/* lgdt (%rdi) */
	[OP_load_idt]		= FORM("\x0f\x01\x1f"),
	[OP_store_gdt]		= FORM("\x0f\x01\x07"),
	[OP_store_idt]		= FORM("\x0f\x01\x0f"),
	/* mov %edi, %ecx; rdmsr; shl $32, %rdx; or %rdx, %rax; xor %ecx, %ecx;
	 * mov %ecx, (%rsi) */
	[OP_read_msr]		= FORM_USES(CLOBBER_CX | CLOBBER_DX,
			"\x89\xf9\x0f\x32\x48\xc1\xe2\x20\x48\x09\xd0\x31\xc9\x89\x0e"),
	/* mov %edi, %ecx; mov %esi, %eax; mov %rsi, %rdx; shr $32, %rdx; wrmsr;
	 * xor %eax, %eax */
	[OP_write_msr]		= FORM_USES(CLOBBER_CX | CLOBBER_DX,
			"\x89\xf9\x89\xf0\x48\x89\xf2\x48\xc1\xea\x20\x0f\x30\x31\xc0"),
	/* mov %edx, (%rdi,%rsi,8); mov %ecx, 4(%rdi,%rsi,8) */
	[OP_write_ldt_entry]	= FORM("\x89\x14\xf7\x89\x4c\xf7\x04"),
	[OP_write_gdt_entry]	= FORM("\x89\x14\xf7\x89\x4c\xf7\x04"),
	[OP_write_idt_entry]	= FORM("\x89\x14\xf7\x89\x4c\xf7\x04"),
	/* mov 24(%rsi), %rax; mov %rax, 4(%rdi) */
	[OP_load_esp0]		= FORM_USES(CLOBBER_AX,
					    "\x48\x8b\x46\x18\x48\x89\x47\x04"),
	[OP_set_pte]		= FORM("\x48\x89\x37"),	/* mov %rsi, (%rdi) */
	[OP_set_pmd]		= FORM("\x48\x89\x37"),
	[OP_set_pud]		= FORM("\x48\x89\x37"),
	[OP_set_pte_atomic]	= FORM("\x48\x89\x37"),
	[OP_set_pte_at]		= FORM("\x48\x89\x0a"),	/* mov %rcx, (%rdx) */
	[OP_set_pte_present]	= FORM("\x48\x89\x0a"),
	[OP_ptep_modify_prot_commit] = FORM("\x48\x89\x0a"),
	[OP_pte_clear]		= FORM("\x48\xc7\x02\0\0\0\0"), /* movq $0, (%rdx) */
	[OP_pmd_clear]		= FORM("\x48\xc7\x07\0\0\0\0"),
	[OP_pte_update]		= FORM_NOTHING,
	[OP_pte_update_defer]	= FORM_NOTHING,
	[OP_iret]		= FORM("\x48\xcf"),	/* iretq */
	[OP_swapgs]		= FORM("\x0f\x01\xf8"),	/* swapgs */
	[OP_read_cr8]		= FORM("\x44\x0f\x20\xc0"),	/* mov %cr8, %rax */
	[OP_write_cr8]		= FORM("\x44\x0f\x22\xc7"),	/* mov %rdi, %cr8 */
	[OP_make_pte]		= FORM("\x48\x89\xf8"),	/* mov %rdi, %rax */
	[OP_pte_val]		= FORM("\x48\x89\xf8"),
	/* xor %eax, %eax; xchg %rax, (%rdx) */
	[OP_ptep_modify_prot_start] = FORM("\x31\xc0\x48\x87\x02"),
	[OP_queued_spin_unlock]	= FORM("\xc6\x07\x00"),	/* movb $0, (%rdi) */
	[OP_enter_lazy_mmu]	= FORM_NOTHING,
	[OP_leave_lazy_mmu]	= FORM_NOTHING,
	[OP_flush_lazy_mmu]	= FORM_NOTHING,
	[OP_start_context_switch] = FORM_NOTHING,
	[OP_end_context_switch]	= FORM_NOTHING,
	[OP_wait]		= FORM_NOTHING,
	[OP_kick]		= FORM_NOTHING,
	/* xor %eax, %eax */
	[OP_vcpu_is_preempted]	= FORM("\x31\xc0"),
},
};

FN_patch(native_patch)
{
	const struct form *form;

	if ((unsigned)so->isa >= ISA_COUNT || so->type >= OP_COUNT)
		return KEPT_NO_FORM;
	form = &native_forms[so->isa][so->type];
	if (!form->there)
		return KEPT_NO_FORM;
	if (form->scratch & ~so->clobbers)
		return KEPT_NO_REGISTER;
	if (form->len > so->len)
		return KEPT_TOO_SMALL;
	for (unsigned i = 0; i < form->len; i++)
		buf[i] = form->bytes[i];
	*used = form->len;
	return PATCHED_INLINE;
}

/* Jumped to, not called: nothing may be on the stack but the frame. */
__attribute__((naked)) static FN_v_v(native_iret)
{
	asm volatile(NATIVE_IRET);
}

/* Ops of class trap: each names itself and stops.  (An argument it has is of
 * no interest.) */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
#define TRAP_timed(shape, name)
#define TRAP_setup(shape, name)
#define TRAP_jump(shape, name)
#define TRAP_trap(shape, name)						\
	static FN_##shape(native_##name) { op_trap(OP_##name); }
#define TRAP_x64	ARCH_X64(TRAP)
#define OP(name, shape, class, ring3, contract) TRAP_##class(shape, name)
#include "list/op.def"
#undef OP
#pragma GCC diagnostic pop

/* Callee-save thunks, of the ops that convention callee calls by one. */
#define OP(name, shape, class, ring3, contract) THUNKED_##class(THUNK, native, shape, name)
#include "list/op.def"
#undef OP

/*
 * The tables, twice: the backend's, and those in force, which begin as the native
 * ones.  Both are here because the ops above and in native.h have internal
 * linkage: a table made in another file would hold other copies of them, and
 * patched and unpatched sites would then reach different code.
 */
#define OP(name, shape, class, ring3, contract) .name = native_##name,

/* The interrupt ops change RAX alone, and are in Linux's callee-save slots
 * themselves (__PV_IS_CALLEE_SAVE); their lines come last, and count.  (Clobbers of
 * every site are checked at run time.) */
#define NATIVE_KEEPING							\
	.save_fl = native_save_fl, .restore_fl = native_restore_fl,	\
	.irq_disable = native_irq_disable, .irq_enable = native_irq_enable, \
	.irq_save = native_irq_save,
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"

const struct backend native_backend = {
	.name = "native",
	.ops = {
#include "list/op.def"
	},
#undef OP
#define OP(name, shape, class, ring3, contract) \
	THUNKED_##class(THUNK_SLOT, native, shape, name)
	.callee = {
#include "list/op.def"
		NATIVE_KEEPING
	},
};

/* Aligned, so that a slot is at the same place of its cache line in every
 * build. */
struct paravirt_ops paravirt_callee __attribute__((aligned(64))) = {
#include "list/op.def"
	NATIVE_KEEPING
};
#pragma GCC diagnostic pop
#undef OP
#define OP(name, shape, class, ring3, contract) .name = native_##name,
struct paravirt_ops paravirt_ops __attribute__((aligned(64))) = {
#include "list/op.def"
};
#undef OP
