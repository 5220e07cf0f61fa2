/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An attempt in a process: the kernel makes signals of exceptions, and says which they were.
 *
 * A signal's handler has a stack of its own, so code may have broken its stack pointer too.
 * The kernel clears flags for it, and a jump out of it leaves them so: they are put back.
 *
 * Source: Linux man-pages, sigaction(2), sigaltstack(2), getcontext(3); arch/x86's
 * uapi/asm/ucontext.h, for what of gregs is which.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <sys/ucontext.h>
#include "user.h"

#define FLAGS_DF_AC	((1ul << 10) | FLAGS_AC)

static const int signals[] = { SIGSEGV, SIGILL, SIGFPE, SIGBUS, SIGTRAP };

/* Where the one that is on began, or NULL; and what ended the last one.  A process has one
 * thread that makes attempts. */
static sigjmp_buf *volatile attempt_on;
static struct fault ended_by;

static void end_attempt(int number, siginfo_t *info, void *context)
{
	const greg_t *g = ((const ucontext_t *)context)->uc_mcontext.gregs;
	sigjmp_buf *begun = attempt_on;

	/* Nobody's, or somebody sent it: as without us. */
	if (!begun || info->si_code <= 0) {
		signal(number, SIG_DFL);
		raise(number);
		return;
	}
	attempt_on = NULL;
	ended_by = (struct fault){
		(unsigned)g[REG_TRAPNO], (uint64_t)g[REG_ERR], (uint64_t)g[REG_RIP],
	};
	siglongjmp(*begun, 1);
}

/* Once. */
static bool catch_signals(void)
{
	static uint8_t stack[65536];
	static bool caught;
	const stack_t on = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction act = { .sa_flags = SA_SIGINFO | SA_ONSTACK };
	bool ok = true;

	if (caught)
		return true;
	act.sa_sigaction = end_attempt;
	sigemptyset(&act.sa_mask);
	ok = !sigaltstack(&on, NULL);
	for (size_t i = 0; ok && i < sizeof(signals) / sizeof(signals[0]); i++)
		ok = !sigaction(signals[i], &act, NULL);
	return caught = ok;
}

static void put_flags(unsigned long was)
{
	unsigned long now = (user_flags() & ~FLAGS_DF_AC) | (was & FLAGS_DF_AC);

	asm volatile("push %0; popf" : : "r" (now) : "memory", "cc");
}

bool user_attempt(void *ctx, void (*fn)(void *arg), void *arg, struct fault *f)
{
	sigjmp_buf *volatile outer = attempt_on;
	volatile unsigned long flags = user_flags();
	sigjmp_buf begun;

	(void)ctx;
	if (!catch_signals()) {
		fn(arg);
		return true;
	}
	if (sigsetjmp(begun, 1)) {
		put_flags(flags);
		attempt_on = outer;
		*f = ended_by;
		return false;
	}
	attempt_on = &begun;
	fn(arg);
	attempt_on = outer;
	return true;
}
