/* SPDX-License-Identifier: GPL-2.0-only */
/* What a text is in: no state depends on the one before, nor on the part or span. */
#include "engine.h"

static void test_states(enum isa isa)
{
	static uint8_t want[STATES][SYN_BYTES];

	for (unsigned i = 0; i < STATES; i++) {
		build(isa);
		ok(enter(&states[i]), "%s: %s", syn_isa[isa], states[i].name);
		memcpy(want[i], syn.bytes, SYN_BYTES);
	}
	ok(!memcmp(want[0], fresh.bytes, SYN_BYTES)
	   && !memcmp(want[1], fresh.bytes, SYN_BYTES),
	   "%s: indirect and native are as built", syn_isa[isa]);
	build(isa);
	for (unsigned from = 0; from < STATES; from++)
		for (unsigned to = 0; to < STATES; to++)
			ok(enter(&states[from]) && enter(&states[to])
			   && !memcmp(want[to], syn.bytes, SYN_BYTES),
			   "%s: %s after %s", syn_isa[isa], states[to].name,
			   states[from].name);
	ok(text_restore(&text, &wr.writer, &err) && unchanged(),
	   "%s: restored", syn_isa[isa]);
}

/* Spans: [begin, end) of where a site begins. */

static void test_spans(enum isa isa)
{
	uint64_t a2, a5;
	const struct {
		const char *what;
		int begin, end;		/* from site 2, from site 5 */
		size_t first, last;
	} spans[] = {
		{ "two sites' beginnings", 0, 0, 2, 5 },
		{ "begins after a beginning", 1, 0, 3, 5 },
		{ "ends after a beginning", 0, 1, 2, 6 },
		{ "begins before one", -1, 0, 2, 5 },
		{ "ends before one", 0, -1, 2, 5 },
	};

	build(isa);
	a2 = text_site_addr(&syn.where, 2);
	a5 = text_site_addr(&syn.where, 5);
	for (unsigned i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
		struct text_span span = { a2 + (uint64_t)(int64_t)spans[i].begin,
					  a5 + (uint64_t)(int64_t)spans[i].end };

		build(isa);
		ok(apply(&empty_backend, MODE_inline, nops_named("nopl"), span)
		   && only_patched(spans[i].first, spans[i].last),
		   "%s: a span that %s", syn_isa[isa], spans[i].what);
	}
	build(isa);
	ok(apply(&empty_backend, MODE_inline, nops_named("nopl"),
		 (struct text_span){ a5, a2 }) && !counts.sites && unchanged(),
	   "%s: a span of nothing", syn_isa[isa]);
	build(isa);
	ok(apply(&empty_backend, MODE_inline, nops_named("nopl"),
		 (struct text_span){ a5, UINT64_MAX })
	   && apply(&empty_backend, MODE_inline, nops_named("nopl"),
		    (struct text_span){ 0, a5 }) && counts.sites == 5
	   && enter(&states[0]) && unchanged(),
	   "%s: two spans make the whole", syn_isa[isa]);
}

/* A part of a text is a text: only its sites change, and only its islands. */

static void test_part(enum isa isa)
{
	static const size_t parts[][2] = {
		{ 0, 1 }, { 0, 5 }, { 3, 4 }, { 7, 19 }, { 41, 42 }, { 0, 42 },
	};
	const struct nop_table *nops = nops_named("nopl");

	for (unsigned k = 0; k < sizeof(parts) / sizeof(parts[0]); k++) {
		size_t first = parts[k][0], end = parts[k][1];
		struct text part;
		bool good;

		build(isa);
		part = text_part(&text, first, end - first, built_before(first));
		good = text_apply(&part, &native_backend, &modes[MODE_key_jmp], nops,
				  TEXT_ALL, &wr.writer, &counts, &err)
			&& only_patched(first, end) && islands_written(first, end)
			&& text_verify(&part, &native_backend, &modes[MODE_key_jmp],
				       nops, TEXT_ALL, &err);
		good &= text_restore(&part, &wr.writer, &err) && unchanged();
		ok(good, "%s: a part, sites %zu to %zu: patched, and put back",
		   syn_isa[isa], first, end - 1);
	}
}

/* Two parts of a text, one after the other: each is what it is. */
static void test_two_parts(enum isa isa, enum mode_id a, enum mode_id b)
{
	const struct nop_table *nops = nops_named("nopl");
	struct text first, second;

	build(isa);
	first = text_part(&text, 0, 7, 0);
	second = text_part(&text, 7, 12, built_before(7));
	ok(text_apply(&first, &native_backend, &modes[a], nops, TEXT_ALL, &wr.writer,
		      &counts, &err)
	   && text_apply(&second, &native_backend, &modes[b], nops, TEXT_ALL,
			 &wr.writer, &counts, &err)
	   && text_verify(&first, &native_backend, &modes[a], nops, TEXT_ALL, &err)
	   && text_verify(&second, &native_backend, &modes[b], nops, TEXT_ALL, &err),
	   "%s: a part in %s and another in %s: both are known again", syn_isa[isa],
	   modes[a].name, modes[b].name);
}

/* What staging foretells for all sites of a class is what each comes to by itself:
 * sites of every kind at many places, in every mode of every backend. */
static void test_classes(enum isa isa)
{
	unsigned good = 0, all = 0;

	syn_begin(&syn, isa);
	for (unsigned i = 0; i < SYN_SITES; i++)
		syn_site(&syn, i % 3 ? OP_restore_fl : OP_irq_enable,
			 &syn_shapes[isa][i % SYN_SHAPES]);
	fresh = syn;
	syn_writer_begin(&wr);
	if (!ok(syn_open(&syn, &text, &err) && text.class_count < SYN_SITES,
		"%s: %u classes of %u sites", syn_isa[isa], text.class_count,
		SYN_SITES))
		return;
	for (unsigned b = 0; b < BACKEND_COUNT; b++)
		for (unsigned m = 0; m < MODE_COUNT; m++)
			for (unsigned p = 0; p < PADDING_COUNT; p++) {
				struct nop_table nops = nop_padding(nops_named("nopl"), p);
				struct text_staged s;

				if (!text_stage(&text, backends[b], &modes[m], &nops,
						TEXT_ALL, &s, &counts, &err))
					diag("%s %s: %s", backends[b]->name,
					     modes[m].name, err.why);
				for (size_t i = 0; i < syn.where.count; i++, all++) {
					uint8_t bytes[SITE_LEN_MAX];
					struct text_form f;

					good += text_staged_site(&s, i, bytes) == syn.sites[i].len
						&& !text_encode(&text, i, backends[b],
								&modes[m], &nops, &f)
						&& !memcmp(bytes, f.bytes, f.len);
				}
			}
	ok(good == all && unchanged(), "%s: staged as encoded one by one: %u of %u",
	   syn_isa[isa], good, all);
}

/* Forms that nobody could foretell from another's. */
static enum patched FASTCALL hook_odd(const struct sited_op *so, uint8_t *buf,
				      unsigned *used)
{
	buf[0] = so->addr & 8 ? 0x90 : 0xfa;
	buf[1] = (uint8_t)(so->addr * 5);
	*used = 2;
	return so->addr % 5 ? PATCHED_INLINE : KEPT_NO_FORM;
}

static const struct backend odd_backend = { .name = "odd", .ops.patch = hook_odd };

static void test_odd(enum isa isa)
{
	unsigned good = 0;

	syn_begin(&syn, isa);
	for (unsigned i = 0; i < SYN_SITES; i++)
		syn_site(&syn, OP_irq_enable, &syn_shapes[isa][SYN_CCALL]);
	fresh = syn;
	syn_open(&syn, &text, &err);
	apply(&odd_backend, MODE_inline, nops_named("nopl"), TEXT_ALL);
	for (size_t i = 0; i < syn.where.count; i++) {
		struct text_form f;

		good += !text_encode(&text, i, &odd_backend, &modes[MODE_inline],
				     nops_named("nopl"), &f)
			&& !memcmp(text_site_bytes(&syn.where, i), f.bytes, f.len);
	}
	ok(good == SYN_SITES && text.class_count == 1 && sums(),
	   "%s: forms that depend on the place in other ways: %u of %u", syn_isa[isa],
	   good, SYN_SITES);
}

/* Every mode, after every other, is what it is alone. */
static void test_modes(enum isa isa)
{
	static uint8_t want[MODE_COUNT][SYN_BYTES];
	unsigned good = 0;

	for (unsigned m = 0; m < MODE_COUNT; m++) {
		build(isa);
		good += apply(&native_backend, m, nops_named("nopl"), TEXT_ALL)
			&& sums() && counts.sites == syn.where.count;
		memcpy(want[m], syn.bytes, SYN_BYTES);
	}
	build(isa);
	for (unsigned k = 0; k < MODE_COUNT * MODE_COUNT; k++)
		good += apply(&native_backend, k / MODE_COUNT, nops_named("nopl"), TEXT_ALL)
			&& apply(&native_backend, k % MODE_COUNT, nops_named("nopl"), TEXT_ALL)
			&& !memcmp(want[k % MODE_COUNT], syn.bytes, SYN_BYTES);
	ok(good == MODE_COUNT * (MODE_COUNT + 1)
	   && text_restore(&text, &wr.writer, &err) && unchanged(),
	   "%s: each of %u modes after each other, and restored", syn_isa[isa],
	   MODE_COUNT);
}

int main(void)
{
	for (enum isa isa = 0; isa < ISA_COUNT; isa++) {
		test_states(isa);
		test_spans(isa);
		test_part(isa);
		test_two_parts(isa, MODE_inline, MODE_direct);
		test_two_parts(isa, MODE_key_jmp, MODE_key_jmp);
		test_two_parts(isa, MODE_key_jmp, MODE_nop);
		test_classes(isa);
		test_odd(isa);
		test_modes(isa);
	}
	return done();
}
