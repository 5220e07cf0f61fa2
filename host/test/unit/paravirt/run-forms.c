/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The native forms of ops that take pointers and 64-bit values, run in the sites of
 * every convention: what they leave in memory and return is what the op does.
 *
 * Instructions that ring 3 may not execute raise #GP here; the handler notes what they
 * were given, gives RDMSR a result, and goes on behind them.
 */
#include <signal.h>
#include <ucontext.h>
#include "noting.h"

/* Those with a form, and how many conventions have room and registers for it, compiled
 * fast or not at all: of seed, ccall, callee, wide16 and wide32, a letter each. */
#define FORMED(DO)							\
	DO(load_gdt, "scakw", "scakw") DO(load_idt, "scakw", "scakw")	\
	DO(read_msr, "kw", "kw") DO(write_msr, "ckw", "kw")		\
	DO(write_ldt_entry, "kw", "skw") DO(write_gdt_entry, "kw", "skw") \
	DO(write_idt_entry, "kw", "skw") DO(load_esp0, "ckw", "kw")	\
	DO(set_pte, "scakw", "scakw") DO(set_pud, "scakw", "scakw")	\
	DO(set_pmd, "", "scakw") DO(set_pte_atomic, "", "scakw")	\
	DO(set_pte_at, "kw", "scakw") DO(set_pte_present, "kw", "scakw") \
	DO(pte_clear, "kw", "skw") DO(pmd_clear, "kw", "skw")		\
	DO(pte_update, "scakw", "scakw") DO(pte_update_defer, "scakw", "scakw") \
	DO(make_pte, "scakw", "scakw") DO(pte_val, "scakw", "scakw")	\
	DO(ptep_modify_prot_start, "kw", "scakw")			\
	DO(ptep_modify_prot_commit, "kw", "scakw")			\
	DO(queued_spin_unlock, "scakw", "scakw")

static const char letters[] = "scakw";		/* by the order in callers[] */

static const struct {
	enum op op;
	const char *at[2];			/* ia32, x86-64 */
} formed[] = {
#define ROW(op, ia32, x64)	{ OP_##op, { ia32, x64 } },
	FORMED(ROW)
};
#define FORMED_COUNT	(sizeof(formed) / sizeof(formed[0]))

/* What was executed that may not be. */
struct forbidden {
	uint8_t bytes[2];
	uint64_t a, c, d, at;
};
static struct forbidden forbidden;

#if X64
enum { AX = REG_RAX, CX = REG_RCX, DX = REG_RDX, BX = REG_RBX, SI = REG_RSI, DI = REG_RDI,
       IP = REG_RIP };
#else
enum { AX = REG_EAX, CX = REG_ECX, DX = REG_EDX, BX = REG_EBX, SI = REG_ESI, DI = REG_EDI,
       IP = REG_EIP };
#endif

static void on_fault(int signal, siginfo_t *info, void *context)
{
	static const int registers[8] = { AX, CX, DX, BX, -1, -1, SI, DI };
	greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;
	const uint8_t *p = (const void *)(uintptr_t)r[IP];
	struct forbidden *f = &forbidden;

	(void)signal, (void)info;
	f->bytes[0] = p[0];
	f->bytes[1] = p[1];
	if (p[0] == 0x0f && p[1] == 0x01 && p[2] < 0x40 && registers[p[2] & 7] >= 0) {
		f->bytes[0] = p[2] >> 3;	/* LGDT or LIDT of (a register) */
		f->at = (unsigned long)r[registers[p[2] & 7]];
		r[IP] += 3;
		return;
	}
	if (p[0] != 0x0f || (p[1] != 0x30 && p[1] != 0x32))
		_exit(99);
	f->c = (uint32_t)r[CX];
	if (p[1] == 0x30) {
		f->a = (uint32_t)r[AX];
		f->d = (uint32_t)r[DX];
	} else {
		r[AX] = (greg_t)0x89abcdefu;
		r[DX] = (greg_t)0x81234567u;
	}
	r[IP] += 2;
}

/* All that a call leaves. */
struct left {
	uint64_t memory[64], got;
	struct forbidden forbidden;
	bool kept, called;
};

static uint64_t memory[64];

/* Pointers are into the memory, each to a part of it; words are small: indexes. */
static void point(const char *shape, struct caller_work *w)
{
	for (unsigned i = 0; shape[2 + i]; i++)
		w->in[i] = shape[2 + i] == 'p' ? (uintptr_t)&memory[4 + 16 * i]
			: shape[2 + i] == 'u' && i == 1 ? 3 : w->in[i];
}

/* From the same start each time. */
static struct left run(unsigned op, caller call)
{
	struct caller_work w = { 0 };
	struct left l = { 0 };

	for (unsigned i = 0; i < 64; i++)
		memory[i] = 0x1111111111111111ull * (i % 15 + 1);
	for (unsigned i = 0; i < CALLER_ARGUMENTS; i++)
		w.in[i] = 0x8badf00dcafe1234 + i * 0x1010101010101010ull;
	for (unsigned i = 0; i < CALLER_LIVE; i++)
		w.live[i] = 77 * i + 1;
	point(shapes[op], &w);
	memset(&forbidden, 0, sizeof(forbidden));
	memset(&noted, 0, sizeof(noted));
	call(&w);
	memcpy(l.memory, memory, sizeof(memory));
	l.got = w.got;
	l.forbidden = forbidden;
	l.kept = kept(shapes[op], &w);
	l.called = noted.calls;
	return l;
}

/* As built, by the function. */
static struct left run_native(unsigned op)
{
	patch(&native_backend, MODE_indirect, PADDING_long);
	backend_install(&native_backend);
	return run(op, callers[1].of[op]);
}

static const char *judge(const struct left *is, const struct left *must)
{
	if (memcmp(is->memory, must->memory, sizeof(is->memory)))
		return "memory differs";
	if (is->got != must->got)
		return "it returned something else";
	if (memcmp(&is->forbidden, &must->forbidden, sizeof(is->forbidden)))
		return "the instruction was given something else";
	return is->kept ? NULL : "a value that lived across it is lost";
}

/* With the table calling ops that note it, whoever was called had no form. */
static void test_form(unsigned k, enum padding_id padding)
{
	unsigned op = formed[k].op;
	struct left must = run_native(op);
	char inlined[CONVENTIONS + 1] = "", want[CONVENTIONS + 1];
	const char *why = NULL;

	patch(&native_backend, MODE_inline, padding);
	backend_install(&noting_backend);
	for (unsigned c = 0; c < CONVENTIONS; c++) {
		struct left is = run(op, callers[c].of[op]);

		if (is.called)
			continue;
		strncat(inlined, &letters[c % 5], 1);
		why = why ? why : judge(&is, &must);
	}
	snprintf(want, sizeof(want), "%s%s", formed[k].at[X64], formed[k].at[X64]);
	if (!ok(!why && !strcmp(inlined, want), "%s, %s: what its form does, in %s",
		op_info[op].name, paddings[padding].name, want))
		diag("in %s: %s", inlined, why ? why : "other conventions have it");
}

/* An op of the memory that does nothing would pass: some must change it. */
static void test_effects(void)
{
	struct left nothing = run_native(OP_pte_update);
	unsigned same = 0;

	for (unsigned k = 0; k < FORMED_COUNT; k++) {
		struct left l = run_native(formed[k].op);

		same += !memcmp(l.memory, nothing.memory, sizeof(l.memory))
			&& !memcmp(&l.forbidden, &nothing.forbidden, sizeof(l.forbidden));
	}
	/* pte_update, pte_update_defer, make_pte, pte_val */
	ok(same == 4, "all but 4 have an effect that is seen here");
}

int main(void)
{
	struct sigaction handler = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };

	plan(2 + 2 * FORMED_COUNT);
	sigaction(SIGSEGV, &handler, NULL);
	open_text();
	test_effects();
	for (unsigned k = 0; k < FORMED_COUNT; k++) {
		test_form(k, PADDING_long);
		test_form(k, PADDING_poison);
	}
	return done();
}
