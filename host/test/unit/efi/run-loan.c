/* SPDX-License-Identifier: GPL-2.0-only */
/* What ops are lent, on a machine that is made up: what is read and put back, what is named
 * and remembered. */
#include <setjmp.h>
#include <string.h>
#include "tap.h"
#include "ops/loan.c"

/* The machine: its registers, and how often they were read; registers that do not take a
 * value; and what lend() does there. */
static struct {
	struct kept_value v[KEPT_COUNT];
	unsigned reads, undone;
	uint32_t stuck;
	const char *refuses, *undo_says;
	uint32_t changes;		/* lend() changes these */
	uint32_t ended;			/* attempts */
	jmp_buf *jumps, *undo_jumps;	/* exceptions in lend(), in undo_halt() */
	unsigned cpu;
} m;

uint32_t attempts_ended(void)
{
	return m.ended;
}

unsigned away_number(void)
{
	return m.cpu;
}

void kept_read(uint32_t set, struct kept_value v[KEPT_COUNT])
{
	for (unsigned i = 0; i < KEPT_COUNT; i++) {
		if (!(set >> i & 1))
			continue;
		v[i] = m.v[i];
		m.reads++;
	}
}

const char *kept_difference(uint32_t set, const struct kept_value *a,
			    const struct kept_value *b)
{
	static const char *const what[] = {
#define KEPT(name, said) said,
		LOAN_KEPT(KEPT)
#undef KEPT
	};

	for (unsigned i = 0; i < KEPT_COUNT; i++)
		if (set >> i & 1 && (a[i].word != b[i].word || a[i].limit != b[i].limit))
			return what[i];
	return NULL;
}

void kept_put(uint32_t set, const struct kept_value *v)
{
	for (unsigned i = 0; i < KEPT_COUNT; i++)
		if (set >> i & 1 && !(m.stuck >> i & 1))
			m.v[i] = v[i];
}

static const char *lend(struct work *w)
{
	native_env.tss_selector = 8;
	if (m.refuses)
		return m.refuses;
	w->arg[0] = 1;
	for (unsigned i = 0; i < KEPT_COUNT; i++)
		if (m.changes >> i & 1)
			m.v[i].word ^= 0x100;
	if (m.jumps)
		longjmp(*m.jumps, 1);
	return NULL;
}

#define FAKE(name)	LEND(name) { return lend(w); }
FAKE(cr0) FAKE(cr2) FAKE(cr3) FAKE(cr4) FAKE(iopl) FAKE(clts) FAKE(debug) FAKE(msr) FAKE(pmc)
FAKE(udelay) FAKE(gdt) FAKE(idt) FAKE(tr) FAKE(ldt) FAKE(tls) FAKE(invpcid) FAKE(swapgs)
FAKE(cr8) FAKE(apic_version) FAKE(apic_priority) FAKE(halt)

const char *undo_halt(void)
{
	m.undone++;
	if (m.undo_jumps)
		longjmp(*m.undo_jumps, 1);
	return m.undo_says;
}

static struct work w;
static jmp_buf in_lend;

/* As it is before each: every register with a value of its own, nothing remembered. */
static void begin(void)
{
	memset(&m, 0, sizeof(m));
	memset(&w, 0, sizeof(w));
	memset(&native_env, 0, sizeof(native_env));
	lost[0] = '\0';
	for (unsigned i = 0; i < KEPT_COUNT; i++)
		m.v[i] = (struct kept_value){ 0x1000 + i, (uint16_t)i };
}

static bool as_begun(void)
{
	for (unsigned i = 0; i < KEPT_COUNT; i++)
		if (m.v[i].word != 0x1000 + i || m.v[i].limit != i)
			return false;
	return !native_env.tss_selector;
}

#define OP(row)	(&table_ops[TABLE_ROW_##row])

/* Those of the preset plan: their times must stay what they were. */
static void test_untouched(void)
{
	static const enum table_row rows[] = {
		TABLE_ROW_save_fl, TABLE_ROW_restore_fl, TABLE_ROW_irq_disable,
		TABLE_ROW_irq_enable, TABLE_ROW_irq_save, TABLE_ROW_io_delay,
	};

	begin();
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct table_op *op = &table_ops[rows[i]];

		ok(!loan_lend(NULL, op, &w) && !loan_take_back(NULL, op) && !m.reads,
		   "%s: nothing is read", workloads[op->workload].name);
	}
}

/* Of each op: lent and taken back, nothing happened, all is as it was. */
static void test_all(void)
{
	for (unsigned i = 0; i < TABLE_ROWS; i++) {
		const struct table_op *op = &table_ops[i];
		bool good;

		begin();
		good = !loan_lend(NULL, op, &w) && !loan_take_back(NULL, op);
		ok(good && as_begun() && !loans_lost(), "%s: lent and taken back",
		   workloads[op->workload].name);
	}
}

static void test_changes(void)
{
	const char *why;

	begin();
	m.cpu = 3;
	loan_lend(NULL, OP(write_cr2), &w);
	m.v[KEPT_cr2].word = 5;
	why = loan_take_back(NULL, OP(write_cr2));
	ok(why && !strcmp(why, "CR2") && as_begun(), "CR2 that an op changes is named, put back");
	ok(loans_lost() && !strcmp(loans_lost(), "CPU 3, op write_cr2 did not leave CR2 as it was"),
	   "and remembered: %s", loans_lost());
	loan_lend(NULL, OP(write_cr0), &w);
	m.v[KEPT_cr0].word = 5;
	loan_take_back(NULL, OP(write_cr0));
	ok(!strncmp(loans_lost(), "CPU 3, op write_cr2 ", 20), "the first is");

	begin();
	loan_lend(NULL, OP(write_cr2), &w);
	m.v[KEPT_cr0].word = 5;
	ok(!loan_take_back(NULL, OP(write_cr2)), "another register is not its");
}

/* What lend() itself changes, and what the op is there to change. */
static void test_lent(void)
{
	const char *why;

	begin();
	m.changes = BIT(gdtr);
	loan_lend(NULL, OP(load_tr_desc), &w);
	m.v[KEPT_tr].word = 0x40;
	ok(!loan_take_back(NULL, OP(load_tr_desc)) && as_begun(),
	   "TR and a table that was lent are put back, and that is no difference");

	begin();
	m.changes = BIT(gdtr);
	loan_lend(NULL, OP(load_tr_desc), &w);
	m.v[KEPT_tr].word = 0x40;
	m.stuck = BIT(tr);
	why = loan_take_back(NULL, OP(load_tr_desc));
	ok(why && !strcmp(why, "TR"), "a TR that stays is named");

	begin();
	m.changes = BIT(gdtr);
	loan_lend(NULL, OP(set_ldt), &w);
	m.v[KEPT_gdtr].word = 0x1000 + KEPT_gdtr;
	why = loan_take_back(NULL, OP(set_ldt));
	ok(why && !strcmp(why, "GDTR") && as_begun(),
	   "a table that was lent and is not in force is named");
}

static void test_refused(void)
{
	begin();
	m.refuses = "no";
	ok(loan_lend(NULL, OP(load_tr_desc), &w) == m.refuses && as_begun(),
	   "what is refused leaves native_env as it was");
	m.reads = 0;
	ok(!loan_take_back(NULL, OP(load_tr_desc)) && !m.reads, "and is not out");
}

static void test_ends(void)
{
	const char *why;

	begin();
	m.changes = BIT(priority);
	loan_lend(NULL, OP(halt), &w);
	loans_end();
	ok(m.undone == 1 && as_begun(), "what is out at an end is taken back");
	loans_end();
	ok(m.undone == 1, "once");

	begin();
	loan_lend(NULL, OP(halt), &w);
	m.undo_says = "the timer";
	why = loan_take_back(NULL, OP(halt));
	ok(why && !strcmp(why, "the timer") && loans_lost(), "what cannot be undone is named");
}

/* An exception has ended the pass: in the op, in lend(), in the taking back. */
static void test_ended(void)
{
	const char *why;

	begin();
	m.changes = BIT(gdtr);
	loan_lend(NULL, OP(set_ldt), &w);
	m.v[KEPT_gdtr].word = 0x1000 + KEPT_gdtr;	/* as the attempt leaves it */
	m.v[KEPT_ldtr].word = 5;
	m.ended++;
	ok(!loan_take_back(NULL, OP(set_ldt)) && as_begun() && !loans_lost(),
	   "GDTR that an attempt has put back is no loss; LDTR is put back");
	loan_lend(NULL, OP(write_cr2), &w);
	m.v[KEPT_cr2].word = 5;
	ok(loan_take_back(NULL, OP(write_cr2)), "the next is compared again");

	begin();
	loan_lend(NULL, OP(write_cr4), &w);
	m.v[KEPT_cr4].word = 5;
	m.stuck = BIT(cr4);
	m.ended++;
	why = loan_take_back(NULL, OP(write_cr4));
	ok(why && !strcmp(why, "CR4") && loans_lost(), "what does not come back is named");

	begin();
	m.changes = BIT(priority);
	m.jumps = &in_lend;
	if (!setjmp(in_lend))
		loan_lend(NULL, OP(halt), &w);
	m.ended++;
	ok(!loan_take_back(NULL, OP(halt)) && m.undone == 1 && as_begun() && !loans_lost(),
	   "what was lent by halves is taken back");

	begin();
	loan_lend(NULL, OP(halt), &w);
	m.undo_jumps = &in_lend;
	if (!setjmp(in_lend))
		loan_take_back(NULL, OP(halt));
	m.ended++;
	why = loan_take_back(NULL, OP(halt));
	ok(why && loans_lost() && m.undone == 1
	   && !strcmp(loans_lost(), "CPU 0, op halt did not leave what it was lent as it was"),
	   "a taking back that was ended is named, and not begun again");
	ok(!loan_take_back(NULL, OP(halt)), "and nothing is out any more");
}

int main(void)
{
	test_untouched();
	test_all();
	test_changes();
	test_lent();
	test_refused();
	test_ends();
	test_ended();
	return done();
}
