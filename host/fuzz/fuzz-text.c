/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Record tables and texts of any bytes: text_open() refuses or accepts; what it
 * accepts goes into modes and back.  Nothing outside of sites changes, what is refused
 * changes nothing, and what is restored is as it was.
 *
 * Input: flags, what is applied, how many records; the records; the text.
 */
#include <stdlib.h>
#include "patch/mode.h"
#include "backend/backends.h"
#include "../test/lib/synthetic.h"

#define HEAD_BYTES	4
#define FLAG_X64	1
#define FLAG_FOREIGN	2
#define FLAG_JUMPS	4
#define FLAG_CALLEE	8
#define FLAG_NO_WINDOW	16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);

static bool no_window;

static bool window(void *ctx, uint8_t *at, size_t len,
		   void (*store)(void *arg, ptrdiff_t shift), void *arg)
{
	(void)ctx, (void)at, (void)len;
	if (no_window)
		return false;
	store(arg, 0);
	return true;
}

static const struct text_writer writer = { window, NULL };

/* The input, in memory of exactly its size. */
struct input {
	struct text_where where;
	uint8_t *fresh;
};

static void take(struct input *in, const uint8_t *data, size_t size)
{
	size_t count = data[2], most = (size - HEAD_BYTES) / sizeof(struct site);
	struct site *sites;

	count = count < most ? count : most;
	sites = malloc(count * sizeof(*sites) + 1);
	memcpy(sites, data + HEAD_BYTES, count * sizeof(*sites));
	data += HEAD_BYTES + count * sizeof(*sites);
	size -= HEAD_BYTES + count * sizeof(*sites);
	in->where.sites = sites;
	in->where.count = count;
	in->where.len = size;
	in->where.bytes = malloc(size ? size : 1);
	in->fresh = malloc(size + 1);
	memcpy(in->where.bytes, data, size);
	memcpy(in->fresh, data, size);
	in->where.island_bytes = calloc(count + 1, ISLAND_BYTES);
}

static struct text_where where_of(unsigned flags)
{
	return (struct text_where){
		.isa = flags & FLAG_X64 ? ISA_X86_64 : ISA_IA32,
		.addr = SYN_TEXT, .sites_addr = SYN_RECORDS, .table = SYN_TABLE,
		.ops = OP_COUNT, .callee = flags & FLAG_CALLEE ? SYN_CALLEE_TABLE : 0,
		.foreign = flags & FLAG_FOREIGN, .jumps = flags & FLAG_JUMPS,
		.endbr = ENDBR_LEN, .islands = SYN_ISLANDS,
		.stub = { [STUB_retpoline] = SYN_RETPOLINE,
			  [STUB_lfence] = SYN_LFENCE,
			  [STUB_trampoline] = SYN_TRAMPOLINE },
	};
}

static void must(bool good)
{
	if (!good)
		abort();
}

static bool is_in_site(const struct text_where *w, size_t at)
{
	for (size_t i = 0; i < w->count; i++) {
		uint64_t off = text_site_addr(w, i) - w->addr;

		if (at >= off && at < off + w->sites[i].len)
			return true;
	}
	return false;
}

static void must_be_fresh(const struct input *in)
{
	must(!memcmp(in->where.bytes, in->fresh, in->where.len));
}

/* A foreign op's number says nothing of ours: only the modes that do not ask. */
static void apply(struct input *in, const struct text *t, unsigned what)
{
	static const enum mode_id foreign[] = { MODE_indirect, MODE_nop };
	const struct backend *b = backends[what / 16 % BACKEND_COUNT];
	enum mode_id m = in->where.foreign ? foreign[what % 2]
		: what % 16 % MODE_COUNT;
	struct nop_table nops = nop_padding(nop_tables[2], in->where.foreign ? PADDING_long
					    : what / 7 % PADDING_COUNT);
	struct text_counts c;
	struct text_error e;
	unsigned sum = 0;

	if (!text_apply(t, b, &modes[m], &nops, TEXT_ALL, &writer, &c, &e)) {
		must_be_fresh(in);
		return;
	}
	for (unsigned i = 0; i < PATCHED_COUNT; i++)
		sum += c.outcome[i];
	must(sum == in->where.count && c.sites == sum);
	must(text_verify(t, b, &modes[m], &nops, TEXT_ALL, &e));
	for (size_t i = 0; i < in->where.len; i++)
		must(in->where.bytes[i] == in->fresh[i] || is_in_site(&in->where, i));
	must(text_restore(t, &writer, &e));
	must_be_fresh(in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in;
	struct text_error e;
	struct text t;
	size_t room;
	void *memory;

	if (size < HEAD_BYTES)
		return 0;
	in.where = where_of(data[0]);
	no_window = data[0] & FLAG_NO_WINDOW;
	take(&in, data, size);
	room = text_room(&in.where);
	memory = malloc(room);
	if (text_open(&t, &in.where, memory, room, &e))
		apply(&in, &t, data[1]);
	else
		must(e.why && (e.record == TEXT_NO_RECORD || e.record < in.where.count));
	must_be_fresh(&in);
	free(memory);
	free((void *)in.where.sites);
	free(in.where.bytes);
	free(in.where.island_bytes);
	free(in.fresh);
	return 0;
}

/* A record that is nearly another: at the same place or beside it, as long or of a
 * bare call's length; or a text that ends with a site, about. */
static size_t nearly(uint8_t *data, size_t size, unsigned seed)
{
	size_t most = (size - HEAD_BYTES) / sizeof(struct site);
	size_t count = data[2] < most ? data[2] : most, i, k, end;
	int by = (int)(seed >> 8 & 31) - 16;
	struct site s;

	if (!count)
		return size;
	i = seed % count;
	k = (seed >> 16) % count;
	memcpy(&s, data + HEAD_BYTES + i * sizeof(s), sizeof(s));
	end = (size_t)(SYN_RECORDS + i * sizeof(s) + (uint64_t)(int64_t)s.site - SYN_TEXT)
		+ s.len + HEAD_BYTES + count * sizeof(s);
	if (seed & 1 << 30 && end + 2 > end && end > 1 && end + 1 <= size)
		return end + (size_t)(by & 1) - (size_t)(by >> 1 & 1);
	s.site = (int32_t)((uint32_t)s.site + (uint32_t)(i - k) * sizeof(s)
			   + (uint32_t)(seed & 1 << 29 ? by : 0));
	if (seed & 1 << 28)
		s.len = CALL_MEM_LEN;
	memcpy(data + HEAD_BYTES + k * sizeof(s), &s, sizeof(s));
	return size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
	/* Its numbers are small ones; these are spread over all bits. */
	seed *= 2654435761u;
	return size > HEAD_BYTES && seed >> 27 & 1 ? nearly(data, size, seed)
		: LLVMFuzzerMutate(data, size, most);
}
