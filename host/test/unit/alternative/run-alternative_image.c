/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Both images as linked: their alternatives, applied in memory and read by an
 * independent decoder (Zydis); and what Linux's one pass since 6.8 would make of
 * every site that is the call alone, held against the modes.
 */
#include "alternative/alternative_site.h"
#include "decode.h"
#include "linked_image.h"
#include "patch/mode.h"
#include "alternative/own_alternatives.h"
#include "tap.h"

#define ENTRIES		64

static struct alternative entries[ENTRIES];
static struct alternatives alt;
static struct alternatives_error err;
static struct alternatives_counts counts;
static struct text text;
static bool with_rdtscp;
static uint64_t slot_value;

static const struct nop_table *nopl(void)
{
	unsigned i = 0;

	while (strcmp(nop_tables[i]->name, "nopl"))
		i++;
	return nop_tables[i];
}

static bool has(void *ctx, unsigned feature)
{
	(void)ctx;
	return feature == ALT_FEATURE_always
		|| (feature == FEATURE_rdtscp && with_rdtscp);
}

static bool pointer(void *ctx, uint64_t addr, uint64_t *value)
{
	(void)ctx, (void)addr;
	*value = slot_value;
	return true;
}

static bool window(void *ctx, uint8_t *at, size_t len,
		   void (*store)(void *arg, ptrdiff_t shift), void *arg)
{
	(void)ctx, (void)at, (void)len;
	store(arg, 0);
	return true;
}
static const struct text_writer writer = { window, NULL };

static bool where_of(const struct image *im, struct alternative_where *w)
{
	uint64_t addr, offset, rodata_at, rodata_off, first;
	size_t len, rodata_len;

	if (!ELF(im, section, im->file, ".altinstructions", &addr, &offset, &len)
	    || !ELF(im, section, im->file, ".rodata", &rodata_at, &rodata_off, &rodata_len))
		return false;
	first = ELF(im, symbol, im->file, "__start_altinstr_replacement");
	*w = (struct alternative_where){
		.isa = im->isa, .addr = im->where.addr, .bytes = im->where.bytes,
		.len = im->where.len, .replacement_addr = first,
		.replacement = im->file + rodata_off + (first - rodata_at),
		.replacement_len = ELF(im, symbol, im->file,
				       "__stop_altinstr_replacement") - first,
		.entry = entries, .count = len / sizeof(struct alternative_record),
		.features = ALT_FEATURE_COUNT,
	};
	for (size_t i = 0; i < w->count && i < ENTRIES; i++)
		entries[i] = alternative_read((const struct alternative_record *)
			(im->file + offset) + i,
			addr + i * sizeof(struct alternative_record));
	return w->count <= ENTRIES;
}

static uint8_t *text_at(const struct image *im, const char *symbol)
{
	return im->where.bytes + (ELF(im, symbol, im->file, symbol) - im->where.addr);
}

static bool apply(void)
{
	struct alternatives_how how = {
		.nops = nopl(), .span = TEXT_ALL,
		.rules = { .has = has, .pointer = pointer, .nops = nopl() },
	};

	return alternatives_apply(&alt, &how, &writer, &counts, &err)
		&& alternatives_verify(&alt, &how, &err);
}

/* Where the call at @p goes, or what its operand names; 0: neither.  @p and @addr are
 * put behind it. */
static uint64_t next_target(const struct image *im, const uint8_t **p, uint64_t *addr)
{
	struct insn i;
	uint64_t to;

	if (!decode(im->isa, *p, 15, &i))
		return 0;
	to = i.in.mnemonic == M(MOV) ? (uint32_t)i.op[1].imm.value.u
		: target_of(&i, *addr);
	*p += i.in.length;
	*addr += i.in.length;
	return to;
}

/* Of Linux's selftest: it names memory and calls, from where it now is. */
static bool selftest_reaches(const struct image *im)
{
	uint64_t addr = ELF(im, symbol, im->file, "alternative_selftest") + 2;
	const uint8_t *p = text_at(im, "alternative_selftest") + 2;
	uint64_t names = next_target(im, &p, &addr);
	uint64_t calls = next_target(im, &p, &addr);
	uint64_t calls2 = next_target(im, &p, &addr);

	return names == ELF(im, symbol, im->file, "selftest_mem")
		&& calls == ELF(im, symbol, im->file, "selftest_reached")
		&& calls2 == ELF(im, symbol, im->file, "selftest_called");
}

static void test_own(const struct image *im)
{
	struct alternative_where w;
	struct text_error te;
	size_t bytes = text_room(&im->where);
	void *text_memory = malloc(bytes), *room;

	ok(text_open(&text, &im->where, text_memory, bytes, &te),
	   "%s: its records are opened", im->arch);
	if (!ok(where_of(im, &w) && w.count == 6, "%s: six records", im->arch))
		return;
	bytes = alternatives_room(&w, &text);
	room = malloc(bytes);
	ok(alternatives_open(&alt, &w, &text, room, bytes, &err),
	   "%s: its alternatives are opened", im->arch);
	slot_value = ELF(im, symbol, im->file, "selftest_called");
	with_rdtscp = true;
	ok(apply() && counts.alternative[ALTERNATIVE_REPLACED] == 5
	   && counts.alternative[ALTERNATIVE_CALL] == 1 && !counts.both,
	   "%s: all applied", im->arch);
	ok(!memcmp(text_at(im, "wl_native_rdtsc_ordered_three_copy"),
		   "\x0f\x01\xf9\x66\x90", 5), "%s: RDTSCP and a NOP", im->arch);
	ok(selftest_reaches(im), "%s: what was copied reaches what it reached", im->arch);
	with_rdtscp = false;
	ok(apply() && counts.alternative[ALTERNATIVE_BUILT] == 4
	   && !memcmp(text_at(im, "wl_native_rdtsc_ordered_three_copy"),
		      "\x0f\xae\xe8\x0f\x31", 5), "%s: without RDTSCP as built", im->arch);
	ok(alternatives_restore(&alt, &writer, &err)
	   && !memcmp(im->where.bytes, im->fresh, im->where.len),
	   "%s: restored", im->arch);
	free(room);
	free(text_memory);
}

/*
 * Linux 6.8: ALTERNATIVE_2(call *slot; DIRECT_CALL; not XENPV: the instruction).  The
 * last eligible entry is the instruction on a native machine; under a backend that is
 * one's own the call is made a direct one.
 */
static bool same_as_mode(const struct image *im, size_t i, bool guest)
{
	static const uint8_t call[CALL_LEN] = { 0xe8, 0, 0, 0, 0 };
	struct backend fake = native_backend;
	unsigned type = im->where.sites[i].type;
	uint8_t pool[2 * 16];
	struct text_form native, want;
	struct alternative e[2];
	struct alternative_where w;
	struct alternative_form f;
	struct alternative_rules r = {
		.has = has, .pointer = pointer, .nops = nopl() };
	const uint8_t *built = text_site_bytes(&im->where, i);

	slot_value = 0x5000;
	memcpy((char *)&fake.ops + type * sizeof(void *), &slot_value, sizeof(void *));
	if (text_encode(&text, i, &native_backend, &modes[MODE_inline], nopl(), &native)
	    || text_encode(&text, i, &fake, &modes[guest ? MODE_endbr : MODE_inline],
			   nopl(), &want))
		return false;
	memcpy(pool, call, CALL_LEN);
	memcpy(pool + 16, native.bytes, native.used);
	e[0] = (struct alternative){
		.addr = text_site_addr(&im->where, i), .replacement = 0x600000,
		.feature = ALT_FEATURE_always, .len = CALL_MEM_LEN,
		.replacement_len = CALL_LEN, .flags = ALTERNATIVE_DIRECT_CALL,
	};
	e[1] = (struct alternative){
		.addr = e[0].addr, .replacement = 0x600010,
		/* Taken where there is no such guest: "always", or its contrary. */
		.feature = ALT_FEATURE_always, .len = CALL_MEM_LEN,
		.replacement_len = (uint8_t)native.used,
		.flags = guest ? ALTERNATIVE_NOT : 0,
	};
	w = (struct alternative_where){
		.isa = im->isa, .addr = im->where.addr, .bytes = im->where.bytes,
		.len = im->where.len, .replacement_addr = 0x600000,
		.replacement = pool, .replacement_len = sizeof(pool), .entry = e,
		.count = 2, .features = ALT_FEATURE_COUNT,
	};
	return !alternative_check(&w, 0, CALL_MEM_LEN, built)
		&& !alternative_check(&w, 1, CALL_MEM_LEN, built)
		&& !alternative_build(&w, 0, 2, built, &r, &f)
		&& f.outcome == (guest ? ALTERNATIVE_CALL : ALTERNATIVE_REPLACED)
		&& f.len == want.len && !memcmp(f.bytes, want.bytes, f.len);
}

/* Linux's ops that have a native alternative there: save_fl, irq_disable, irq_enable. */
static bool is_of_68(const struct site *s, const struct image *im)
{
	return (s->type == OP_irq_disable || s->type == OP_irq_enable
		|| s->type == OP_save_fl) && s->len == CALL_MEM_LEN
		&& s->clobbers == (im->isa == ISA_X86_64 ? CLOBBER_X86_64 : CLOBBER_IA32);
}

static void test_68(const struct image *im)
{
	unsigned sites = 0, native = 0, guest = 0;
	size_t bytes = text_room(&im->where);
	void *memory = malloc(bytes);
	struct text_error te;

	text_open(&text, &im->where, memory, bytes, &te);
	for (size_t i = 0; i < im->where.count; i++) {
		if (!is_of_68(&im->where.sites[i], im))
			continue;
		sites++;
		native += same_as_mode(im, i, false);
		guest += same_as_mode(im, i, true);
	}
	ok(sites > 20 && native == sites,
	   "%s: on a native machine Linux 6.8's pass leaves what mode inline does: %u of %u sites",
	   im->arch, native, sites);
	ok(sites > 20 && guest == sites,
	   "%s: under a backend what mode endbr does: %u of %u sites", im->arch, guest, sites);
	free(memory);
}

int main(void)
{
	static struct image images[] = {
		{ .arch = "x86_64", .isa = ISA_X86_64 }, { .arch = "ia32", .isa = ISA_IA32 },
	};

	decoders_init();
	for (unsigned i = 0; i < 2; i++) {
		if (!ok(image_load(&images[i]), "%s: the image is there", images[i].arch))
			continue;
		test_own(&images[i]);
		test_68(&images[i]);
		free(images[i].fresh);
	}
	return done();
}
