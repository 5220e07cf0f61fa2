/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ops of later kernels, natively: those that ring 3 may run do what they promise;
 * those of class x64 trap on ia32; and those whose instruction faults go on where
 * native_lands() says, here for a handler of SIGSEGV.
 */
#define _GNU_SOURCE		/* for REG_RIP */
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include "paravirt/fixup.h"
#include "paravirt/msr_safe.h"
#include "paravirt/native.h"
#include "tap.h"

#define OLD	0x0123456789abcdefull
#define NEW	0xfedcba9876543210ull

static void test_entries(void)
{
	uint64_t t[3] = { OLD, OLD, OLD };

	ok1(paravirt_ops.make_pte(OLD) == OLD && paravirt_ops.make_pte(NEW) == NEW);
	ok1(paravirt_ops.pte_val(OLD) == OLD && paravirt_ops.pte_val(~0ull) == ~0ull);
	ok(paravirt_ops.ptep_modify_prot_start(NULL, 7, &t[1]) == OLD
	   && t[0] == OLD && t[1] == 0 && t[2] == OLD,
	   "ptep_modify_prot_start: the entry comes back and is 0, its neighbours stay");
	paravirt_ops.ptep_modify_prot_commit(NULL, 7, &t[1], NEW);
	ok(t[0] == OLD && t[1] == NEW && t[2] == OLD,
	   "ptep_modify_prot_commit: the entry is there, its neighbours stay");
}
#define ENTRY_TESTS	4

static void test_locks(void)
{
	uint8_t word[8], want[8];

	memset(word, 0xa5, sizeof(word));
	memset(want, 0xa5, sizeof(want));
	want[4] = 0;
	paravirt_ops.queued_spin_unlock(&word[4]);
	ok(!memcmp(word, want, sizeof(word)), "queued_spin_unlock: one byte is 0");
	paravirt_ops.wait(word, 0xa5);
	paravirt_ops.kick(0);
	ok(!memcmp(word, want, sizeof(word)), "wait comes back, kick does nothing");
	ok(!paravirt_ops.vcpu_is_preempted(0) && !paravirt_ops.vcpu_is_preempted(~0ul),
	   "vcpu_is_preempted: none is");
}
#define LOCK_TESTS	3

static void test_told(void)
{
	uint8_t thread[64], was[64];

	memset(thread, 0xa5, sizeof(thread));
	memcpy(was, thread, sizeof(was));
	paravirt_ops.enter_lazy_mmu();
	paravirt_ops.leave_lazy_mmu();
	paravirt_ops.flush_lazy_mmu();
	paravirt_ops.start_context_switch(thread);
	paravirt_ops.end_context_switch(thread);
	ok(!memcmp(thread, was, sizeof(was)), "a thread that is told of stays as it is");
}
#define TOLD_TESTS	1

static sigjmp_buf back;
static int trapped;

static void on_trap(enum op op)
{
	trapped = (int)op;
	siglongjmp(back, 1);
}

/* Where they are timed they are privileged, and not run here. */
static bool traps(enum op op)
{
	trapped = -1;
	if (!sigsetjmp(back, 1)) {
		if (op == OP_swapgs)
			paravirt_ops.swapgs();
		else if (op == OP_read_cr8)
			(void)paravirt_ops.read_cr8();
		else
			paravirt_ops.write_cr8(0);
	}
	return trapped == (int)op;
}

static void test_x64(void)
{
	static const enum op ops[] = { OP_swapgs, OP_read_cr8, OP_write_cr8 };

	op_trap_install(on_trap);
	for (unsigned i = 0; i < 3; i++) {
		const struct op_info *o = &op_info[ops[i]];

		ok(ARCH_WORD == 8 ? o->class == OP_CLASS_timed
		   : o->class == OP_CLASS_trap && traps(ops[i]),
		   "%s is %s here", o->name, ARCH_WORD == 8 ? "timed" : "a trap");
	}
}
#define X64_TESTS	3

#ifdef __x86_64__
#define IP	REG_RIP
#else
#define IP	REG_EIP
#endif
#define VECTOR_UD	6
#define VECTOR_GP	13
#define VECTOR_PF	14

static volatile uintptr_t faulted_at;
static volatile unsigned faults;

static void on_fault(int signal, siginfo_t *info, void *context)
{
	greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;
	/* QEMU's user mode, see host/test/lib/ia32.sh, does not say which exception. */
	unsigned trap = getenv("QEMU_USER") ? 13 : (unsigned)r[REG_TRAPNO];
	uintptr_t landing = native_lands(trap, (uintptr_t)r[IP]);

	(void)signal, (void)info;
	faulted_at = (uintptr_t)r[IP];
	faults++;
	if (!landing)
		siglongjmp(back, 1);
	r[IP] = (greg_t)landing;
}

/* At ring 3 every MSR faults. */
static void test_faults(void)
{
	struct sigaction new = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO }, old;
	volatile int err = 1, wrote = 1;
	volatile uint64_t got = 1;
	uintptr_t at;

	sigaction(SIGSEGV, &new, &old);
	if (!sigsetjmp(back, 1)) {
		int e = 1;

		got = paravirt_ops.read_msr_safe(0x1b, &e);
		err = e;
	}
	at = faulted_at;
	ok(faults == 1 && err == NATIVE_MSR_ERROR && !got,
	   "read_msr_safe of an MSR that faults: 0, and an error");
	if (!sigsetjmp(back, 1))
		wrote = paravirt_ops.write_msr_safe(0x175, 0x123456789);
	ok(faults == 2 && wrote == NATIVE_MSR_ERROR,
	   "write_msr_safe of an MSR that faults: an error");
	sigaction(SIGSEGV, &old, NULL);
	ok(native_lands(VECTOR_GP, at) && native_lands(VECTOR_GP, faulted_at)
	   && at != faulted_at, "both instructions have a landing");
	ok(!native_lands(VECTOR_UD, at) && !native_lands(VECTOR_PF, at),
	   "by no other exception");
	ok(!native_lands(VECTOR_GP, at - 1) && !native_lands(VECTOR_GP, at + 1)
	   && !native_lands(VECTOR_GP, native_lands(VECTOR_GP, at))
	   && !native_lands(VECTOR_GP, 0), "and nothing else has");
	ok(native_fixups_end - native_fixups == 2, "which is the whole table");
}
#define FAULT_TESTS	6

int main(void)
{
	plan(FAULT_TESTS + ENTRY_TESTS + LOCK_TESTS + TOLD_TESTS + X64_TESTS);
	test_entries();
	test_locks();
	test_told();
	test_x64();
	test_faults();
	return done();
}
