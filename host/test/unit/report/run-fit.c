/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who can be inlined where: what each backend's form needs, against numbers on
 * record; a made-up text of two conventions; the faces.
 *
 * On record: Linux 4.4, arch/x86/xen/xen-asm.S and lguest/boot.c, assembled; the
 * XenoLinux of May 2006 (__cli, __sti); Linux 5.4's native table; pvm's and vSMP's.
 * Where a form here is not that code's own (save_fl and irq_save of 2006, lguest on
 * x86-64) the number is its listing's.
 */
#include <stdlib.h>
#include <string.h>
#include "check/clobber.h"
#include "backend/backends.h"
#include "report/fit.h"
#include "workload/code_table.h"
#include "patch/mode.h"
#include "tap.h"

#define A CLOBBER_AX
#define C CLOBBER_CX
#define D CLOBBER_DX
#define NONE 0xffff

static const struct {
	enum backend_id backend;
	enum op op;
	struct { unsigned bytes, scratch; } on[ISA_COUNT];	/* ia32, x86-64 */
} forms[] = {
	{ BACKEND_native, OP_irq_disable, { { 1, 0 }, { 1, 0 } } },
	{ BACKEND_native, OP_irq_enable, { { 1, 0 }, { 1, 0 } } },
	{ BACKEND_native, OP_save_fl, { { 2, 0 }, { 2, 0 } } },
	{ BACKEND_native, OP_restore_fl, { { 2, 0 }, { 2, 0 } } },
	{ BACKEND_native, OP_irq_save, { { 3, 0 }, { 3, 0 } } },
	{ BACKEND_native, OP_read_tsc, { { 2, 0 }, { 9, D } } },
	{ BACKEND_native, OP_read_pmc, { { 4, C }, { 11, C | D } } },
	{ BACKEND_native, OP_arch_setup, { { NONE, 0 }, { NONE, 0 } } },
	{ BACKEND_xen, OP_irq_disable, { { 8, 0 }, { 9, 0 } } },
	{ BACKEND_xen, OP_save_fl, { { 13, 0 }, { 14, 0 } } },
	{ BACKEND_xen, OP_irq_enable, { { 23, 0 }, { 25, 0 } } },
	{ BACKEND_xen, OP_restore_fl, { { 27, 0 }, { 31, 0 } } },
	{ BACKEND_xen_smp, OP_irq_disable, { { 23, A }, { 23, A } } },
	{ BACKEND_xen_smp, OP_irq_enable, { { 33, A }, { 33, A } } },
	{ BACKEND_xen_smp, OP_irq_save, { { 35, C | D }, { 35, D } } },
	{ BACKEND_xen_up, OP_irq_disable, { { 9, A }, { 11, A } } },
	{ BACKEND_xen_up, OP_restore_fl, { { 25, C }, { 28, A } } },
	{ BACKEND_lguest, OP_irq_disable, { { 10, 0 }, { 10, 0 } } },
	{ BACKEND_lguest, OP_save_fl, { { 5, 0 }, { 6, 0 } } },
	{ BACKEND_pvm, OP_save_fl, { { 2, 0 }, { 9, 0 } } },
	{ BACKEND_pvm, OP_irq_disable, { { 1, 0 }, { 11, 0 } } },
	{ BACKEND_pvm, OP_irq_enable, { { 1, 0 }, { 31, 0 } } },
	{ BACKEND_vsmp, OP_irq_disable, { { 1, 0 }, { 16, A } } },
	{ BACKEND_kvm, OP_io_delay, { { 0, 0 }, { 0, 0 } } },
	{ BACKEND_hyperv, OP_io_delay, { { 2, 0 }, { 2, 0 } } },
};
#define FORMS (sizeof(forms) / sizeof(forms[0]))

extern uint8_t of_seed[], of_ccall[], of_end[];

static void test_forms(void)
{
	for (unsigned i = 0; i < FORMS; i++) {
		unsigned bytes = forms[i].on[ARCH_ISA].bytes;
		struct fit_form f = fit_form(backends[forms[i].backend], ARCH_ISA,
					     forms[i].op, (uintptr_t)of_seed);
		char text[FIT_SCRATCH_ROOM];

		ok(f.known == (bytes != NONE)
		   && (!f.known || (f.bytes == bytes
				    && f.scratch == forms[i].on[ARCH_ISA].scratch)),
		   "%s, %s: %u bytes, registers: %s",
		   backends[forms[i].backend]->name, op_info[forms[i].op].name,
		   f.bytes, fit_scratch(text, ARCH_ISA, f.scratch));
	}
}

static void test_scratch(void)
{
	char text[FIT_SCRATCH_ROOM];

	ok(!strcmp(fit_scratch(text, ISA_X86_64, 0), "none"), "no register: %s", text);
	ok(!strcmp(fit_scratch(text, ISA_IA32, A | D), "EAX+EDX"), "two: %s", text);
	ok(!strcmp(fit_scratch(text, ISA_X86_64, CLOBBER_X86_64),
		   "RAX+RCX+RDX+RSI+RDI+R8+R9+R10+R11"), "all: %s", text);
}

/* A text: irq_disable in seed and ccall, save_fl in ccall; and irq_enable, which is
 * in no workload. */
#undef R
#define R(reg)	%reg

extern const struct site own_sites[], own_sites_end[];

asm(".pushsection .parainstructions, \"a\"\n\t.balign 4\n"
    "own_sites:\n\t.popsection\n"
    "\t.pushsection made_up, \"ax\", @progbits\n"
    "of_seed:\n"
    SITE(irq_disable, 0, SITE_STR(ARCH_PUSH_REST; ARCH_PUSH_AX) "; "
	 SITE_CALL(irq_disable) "; " SITE_STR(ARCH_POP_AX; ARCH_POP_REST))
    "of_ccall:\n"
    SITE(save_fl, ARCH_CLOBBERS, SITE_CALL(save_fl))
    SITE(irq_disable, ARCH_CLOBBERS, SITE_CALL(irq_disable))
    "of_end:\n"
    SITE(irq_enable, ARCH_CLOBBERS, SITE_CALL(irq_enable))
    "text_end:\n\t.popsection\n"
    "\t.pushsection .parainstructions\nown_sites_end:\n\t.popsection");
extern uint8_t text_end[];

#define CODE(begin, end)	{ (void (*)(struct work *))begin, end, NULL, NULL, NULL, NULL }

/* In place of core/workload/code_table.c. */
const struct workload_code workload_code[CONVENTION_COUNT][WORKLOAD_COUNT] = {
	[CONVENTION_seed][WORKLOAD_cli_sti] = CODE(of_seed, of_ccall),
	[CONVENTION_ccall][WORKLOAD_save_fl] = CODE(of_ccall, of_end),
};

static struct text text;

static bool open_text(void)
{
	static uint8_t room[4096];
	struct text_where w = {
		.isa = ARCH_ISA, .addr = (uintptr_t)of_seed,
		.bytes = of_seed, .len = (size_t)(text_end - of_seed),
		.sites_addr = (uintptr_t)own_sites, .sites = own_sites,
		.count = (size_t)(own_sites_end - own_sites),
		.table = (uintptr_t)&paravirt_ops, .ops = OP_COUNT,
	};
	struct text_error e;

	return text_open(&text, &w, room, sizeof(room), &e);
}

static bool is_at(const struct fit *f, enum convention_id c, unsigned bytes,
		  enum patched outcome)
{
	return f->at[c].there && f->at[c].bytes == bytes
		&& f->at[c].outcome == outcome;
}

static void test_sites(void)
{
	const unsigned seed = ARCH_ISA == ISA_X86_64 ? 32 : 12;
	struct fit_sites s;
	struct fit f;

	fit_find(&s, &text.where);
	ok(s.sited[OP_irq_disable] && s.sited[OP_save_fl] && !s.sited[OP_irq_enable]
	   && s.record[CONVENTION_seed][OP_irq_disable] == 1
	   && s.record[CONVENTION_ccall][OP_save_fl] == 2
	   && s.record[CONVENTION_ccall][OP_irq_disable] == 3,
	   "the first site of each op in each convention");
	ok(!fit_of(&text, &s, backends[BACKEND_xen], OP_irq_enable, nop_tables[0], &f),
	   "an op that no workload has");
	ok(fit_of(&text, &s, backends[BACKEND_xen], OP_irq_disable, nop_tables[0], &f)
	   && is_at(&f, CONVENTION_seed, seed, PATCHED_INLINE)
	   && is_at(&f, CONVENTION_ccall, 6, KEPT_TOO_SMALL)
	   && !f.at[CONVENTION_callee].there, "xen's cli fits the seed's site alone");
	ok(fit_of(&text, &s, backends[BACKEND_xen_smp], OP_irq_disable, nop_tables[0], &f)
	   && is_at(&f, CONVENTION_seed, seed, KEPT_NO_REGISTER)
	   && f.form.bytes == 23 && f.form.scratch == A,
	   "that of 2006 has no register there");
	ok(fit_of(&text, &s, backends[BACKEND_native], OP_save_fl, nop_tables[0], &f)
	   && !f.at[CONVENTION_seed].there
	   && is_at(&f, CONVENTION_ccall, 6, PATCHED_INLINE), "native's fits all there is");
}

static char bytes[1 << 16];

static unsigned count(const char *what)
{
	unsigned n = 0;

	for (const char *at = bytes; (at = strstr(at, what)); at++)
		n++;
	return n;
}

static void test_faces(void)
{
	struct memory_sink m = memory_sink(bytes, sizeof(bytes) - 1);
	struct json j = { &m.sink, true };
	unsigned backends_here = 0;
	char want[100];

	for (unsigned b = 0; b < BACKEND_COUNT; b++)
		backends_here += backend_info[b].isa[ARCH_ISA];
	fit_lines(&text, nop_tables[0], &m.sink);
	bytes[m.len] = '\0';
	snprintf(want, sizeof(want),
		 "fit backend=xen op=irq_disable form_bytes=%u scratch=none seed=%u:inline "
		 "ccall=6:kept-too-small\n",
		 ARCH_ISA == ISA_X86_64 ? 9 : 8, ARCH_ISA == ISA_X86_64 ? 32 : 12);
	ok(count("fit backend=") == 2 * backends_here && count("\n") == 2 * backends_here,
	   "a line for every backend there is, and op");
	ok(strstr(bytes, want) != NULL, "xen's line is %.*s", (int)strlen(want) - 1, want);
	m = memory_sink(bytes, sizeof(bytes) - 1);
	fit_json(&text, nop_tables[0], &j);
	bytes[m.len] = '\0';
	ok(count("\"form_bytes\"") == 2 * backends_here && count("\"outcome\"") == 3 * backends_here
	   && m.len < fit_room(&text), "the JSON: %zu bytes of %zu", m.len, fit_room(&text));
	m = memory_sink(bytes, sizeof(bytes) - 1);
	j.first = true;
	fit_json(NULL, NULL, &j);
	bytes[m.len] = '\0';
	ok(!strcmp(bytes, "\n\"fit\": [\n]") && !fit_room(NULL), "without a text: an empty list");
}

int main(void)
{
	test_forms();
	test_scratch();
	if (!ok(open_text(), "the text is accepted"))
		return done();
	test_sites();
	test_faces();
	return done();
}
