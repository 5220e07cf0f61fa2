/* SPDX-License-Identifier: GPL-2.0-only */
/* Stores: one window for all, each lost one found, and no byte changed by a failure. */
#include "engine.h"

/* The writer. */

static void test_writer(enum isa isa)
{
	const struct nop_table *nops = nops_named("nopl");

	build(isa);
	ok(apply(&native_backend, MODE_inline, nops, TEXT_ALL)
	   && writer_used(1, 1), "%s: one serialisation for a batch", syn_isa[isa]);
	ok(text_restore(&text, &wr.writer, &err) && writer_used(2, 2),
	   "%s: and one to restore", syn_isa[isa]);

	build(isa);
	wr.refuse_open = 1;
	ok(!apply(&native_backend, MODE_inline, nops, TEXT_ALL)
	   && err.record == TEXT_NO_RECORD && strstr(err.why, "writable")
	   && writer_used(1, 0) && unchanged(),
	   "%s: a text that cannot be made writable", syn_isa[isa]);

	build(isa);
	apply(&native_backend, MODE_inline, nops, TEXT_ALL);
	wr.refuse_open = 2;
	ok(!text_restore(&text, &wr.writer, &err)
	   && err.record == TEXT_NO_RECORD && writer_used(2, 1),
	   "%s: nor to restore", syn_isa[isa]);
}

/* Is one site, that of the error, not what it should be, and no other? */
static bool one_lost(const uint8_t *want)
{
	size_t lost = 0, which = 0;

	for (size_t i = 0; i < syn.where.count; i++) {
		size_t at = at_of(&syn, i);

		if (!memcmp(syn.bytes + at, want + at, syn.sites[i].len))
			continue;
		lost++;
		which = i;
	}
	return lost == 1 && err.record == which
		&& err.addr == text_site_addr(&syn.where, which)
		&& strstr(err.why, "read back");
}

/* Every single store may be lost; each is found out and named. */
static void test_lost(enum isa isa)
{
	static uint8_t want[SYN_BYTES];
	unsigned found = 0, n;

	build(isa);
	apply(&empty_backend, MODE_inline, nops_named("nopl"), TEXT_ALL);
	memcpy(want, syn.bytes, SYN_BYTES);
	n = wr.written;
	for (unsigned k = 0; k < n; k++) {
		build(isa);
		wr.drop = k + 1;
		found += !apply(&empty_backend, MODE_inline, nops_named("nopl"), TEXT_ALL)
			&& one_lost(want) && writer_used(1, 1);
	}
	ok(found == n && n >= syn.where.count, "%s: a lost store is named: %u of %u",
	   syn_isa[isa], found, n);

	build(isa);
	apply(&empty_backend, MODE_inline, nops_named("nopl"), TEXT_ALL);
	wr.drop = n + 3;
	ok(!text_restore(&text, &wr.writer, &err) && one_lost(fresh.bytes)
	   && writer_used(2, 2), "%s: when restoring too", syn_isa[isa]);
}

/* Every byte of every site is looked at, and none between sites. */
static void test_verify(enum isa isa)
{
	const struct state *s = &states[2];
	unsigned found = 0, bytes = 0;

	build(isa);
	enter(s);
	for (size_t i = 0; i < syn.where.count; i++) {
		uint8_t *p = text_site_bytes(&syn.where, i);

		for (unsigned k = 0; k < syn.sites[i].len; k++, bytes++) {
			p[k] ^= 0x10;
			found += !verify(s, TEXT_ALL) && err.record == i
				&& strstr(err.why, "something else");
			p[k] ^= 0x10;
		}
		p[syn.sites[i].len] ^= 1;	/* filler */
	}
	ok(found == bytes, "%s: a changed byte is found: %u of %u", syn_isa[isa],
	   found, bytes);
	ok(verify(s, TEXT_ALL), "%s: bytes between sites are not its concern",
	   syn_isa[isa]);
	ok(!verify(&states[0], TEXT_ALL) && err.record == 0,
	   "%s: another state is found out", syn_isa[isa]);
	text_site_bytes(&syn.where, 2)[0] ^= 1;
	ok(verify(s, (struct text_span){ text_site_addr(&syn.where, 3), UINT64_MAX })
	   && !verify(s, (struct text_span){ 0, text_site_addr(&syn.where, 3) }),
	   "%s: sites outside of the span are not looked at", syn_isa[isa]);
	ok(writer_used(1, 1),
	   "%s: and nothing is stored", syn_isa[isa]);
}

/* Every byte of every site and island is looked at. */
static void test_unchanged(enum isa isa, enum mode_id mode)
{
	const struct nop_table *nops = nops_named("nopl");
	unsigned found = 0, bytes = 0;

	build(isa);
	apply(&native_backend, mode, nops, TEXT_ALL);
	for (size_t i = 0; i < syn.where.count; i++) {
		uint8_t *site = text_site_bytes(&syn.where, i);
		uint8_t *island = syn.islands + i * ISLAND_BYTES;
		unsigned len = syn.sites[i].len;
		unsigned all = len + (mode == MODE_key_jmp ? ISLAND_BYTES : 0);

		for (unsigned k = 0; k < all; k++, bytes++) {
			uint8_t *p = k < len ? site + k : island + k - len;

			*p ^= 1;
			found += !text_verify(&text, &native_backend, &modes[mode],
					      nops, TEXT_ALL, &err)
				&& err.record == i && strstr(err.why, "something else");
			*p ^= 1;
		}
	}
	ok(found == bytes && text_verify(&text, &native_backend, &modes[mode], nops,
					 TEXT_ALL, &err),
	   "%s, %s: each changed byte is found: %u of %u", syn_isa[isa],
	   modes[mode].name, found, bytes);
}

/* Islands are stored with their sites, before them; or nothing is. */
static void test_islands(enum isa isa)
{
	const struct nop_table *nops = nops_named("nopl");
	unsigned n, stores, found = 0;

	build(isa);
	n = (unsigned)syn.where.count;
	ok(apply(&native_backend, MODE_key_jmp, nops, TEXT_ALL)
	   && writer_used(1, 1) && islands_written(0, n),
	   "%s: an island and a site each, one serialisation", syn_isa[isa]);
	ok(enter(&states[0]) && unchanged() && enter(&states[2]),
	   "%s: another mode needs none", syn_isa[isa]);
	build(isa);
	apply(&native_backend, MODE_key_jmp, nops, TEXT_ALL);
	stores = wr.written;
	for (unsigned k = 0; k < stores; k++) {
		build(isa);
		wr.drop = k + 1;
		found += !apply(&native_backend, MODE_key_jmp, nops, TEXT_ALL)
			&& strstr(err.why, "read back");
	}
	ok(found == stores && stores >= 2 * n, "%s: a lost store of either is found: %u of %u",
	   syn_isa[isa], found, stores);
	build(isa);
	wr.refuse_open = 1;
	ok(!apply(&native_backend, MODE_key_jmp, nops, TEXT_ALL) && unchanged()
	   && islands_written(0, 0), "%s: a text that cannot be made writable: no "
	   "island is touched", syn_isa[isa]);
	build(isa);
	text.where.islands += isa == ISA_X86_64 ? 1ull << 40 : 0;
	ok(apply(&native_backend, MODE_key_jmp, nops, TEXT_ALL) && sums()
	   && (isa == ISA_IA32 || (counts.outcome[KEPT_OUT_OF_REACH] == n && unchanged()
				   && syn.islands[0] == 0xcc)),
	   "%s: islands out of reach: the sites are as built", syn_isa[isa]);
}

int main(void)
{
	for (enum isa isa = 0; isa < ISA_COUNT; isa++) {
		test_writer(isa);
		test_lost(isa);
		test_verify(isa);
		test_unchanged(isa, MODE_inline);
		test_unchanged(isa, MODE_key_jmp);
		test_islands(isa);
	}
	return done();
}
