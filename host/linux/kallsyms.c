/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of names that a kernel carries for itself.
 *
 * Nothing says where it is.  It is found by the only bytes that are the same in all
 * kernels: digits stand for themselves among the tokens, so "0\0001\0002\000" and so on
 * is there.  From there the parts are found by their sizes, which each other part bears
 * out; where one does not, there is no table.
 *
 * Order of the parts until 6.1 or later: offsets, base, count, names, markers, (order by name,)
 * tokens, index.  In 6.12: count, names, markers, tokens, index, offsets, base,
 * (order by name).  From 7.0 there is no base.  Source: Linux, scripts/kallsyms.c,
 * write_src() (5.10, 6.1, 6.12); the last by the images.
 */
#define _GNU_SOURCE		/* memmem */
#include <stdlib.h>
#include <string.h>
#include "kallsyms.h"
#include "lib/bytes.h"

#define TOKENS		256
#define CHUNK		256		/* symbols from marker to marker */
#define TRIES		8192		/* of places for the names; a real one needs few */
#define SYMBOLS_MIN	16
#define SYMBOLS_MAX	(1u << 22)

/* The parts, as offsets into the bytes. */
struct parts {
	const uint8_t *bytes;
	size_t len;
	uint64_t addr;
	unsigned word;
	size_t tokens, index, markers, names, names_len;
	uint32_t count, marked;
	unsigned tries;		/* left: a hostile image must not take for ever */
};

static size_t up(size_t at, size_t to)
{
	return (at + to - 1) & ~(to - 1);
}

static uint32_t u32(const struct parts *p, size_t at)
{
	return (uint32_t)get_le(p->bytes + at, 4);
}

/* Where token @n begins, if tokens begin at @tokens. */
static size_t token(const struct parts *p, unsigned n)
{
	return p->tokens + get_le(p->bytes + p->index + 2 * n, 2);
}

/* Each token ends where the next begins, the last before the index. */
static bool are_tokens(const struct parts *p)
{
	if (p->index + 2 * TOKENS > p->len || get_le(p->bytes + p->index, 2))
		return false;
	for (unsigned n = 0; n < TOKENS; n++) {
		size_t at = token(p, n), next = n + 1 < TOKENS ? token(p, n + 1) : p->index;

		if (at >= p->index || next <= at || next > p->index)
			return false;
		if (strnlen((const char *)p->bytes + at, next - at) + 1
		    != (n + 1 < TOKENS ? next - at : strlen((const char *)p->bytes + at) + 1))
			return false;
	}
	return true;
}

/* The strings that end where "0" begins are tokens 0 to '0' - 1; behind them come as many
 * as there are left, then the index. */
static bool find_tokens(struct parts *p, size_t digits)
{
	size_t at = digits, end = digits;

	for (unsigned n = 0; n < '0'; n++) {
		if (at < 2 || p->bytes[at - 1])
			return false;
		for (at--; at && p->bytes[at - 1]; at--)
			;
	}
	for (unsigned n = '0'; n < TOKENS; n++) {
		const uint8_t *nul = memchr(p->bytes + end, 0, p->len - end);

		if (!nul)
			return false;
		end = (size_t)(nul - p->bytes) + 1;
	}
	p->tokens = at;
	for (unsigned align = 1; align <= 8; align *= 2) {
		p->index = up(end, align);
		if (p->index < p->len && are_tokens(p))
			return true;
	}
	return false;
}

/* Markers rise by the bytes of 256 names; how many follow each other from @at. */
static uint32_t marked(const struct parts *p, size_t at, size_t end)
{
	uint32_t n = 1, last = 0;

	if (u32(p, at))
		return 0;
	for (at += 4; at + 4 <= end; at += 4, n++) {
		uint32_t next = u32(p, at);

		if (next <= last || next - last < 2 * CHUNK || next - last > 130 * CHUNK)
			break;
		last = next;
	}
	return n;
}

/* How long a name is, and its length's own bytes: one, or from 128 on two. */
static size_t name_len(const uint8_t *p, size_t left, size_t *head)
{
	size_t n = p[0];

	*head = 1;
	if (n & 0x80 && left > 1) {
		n = (n & 0x7f) | (size_t)p[1] << 7;
		*head = 2;
	}
	return n;
}

/* Do as many names as there should be lie between, each 256th where its marker says? */
static bool are_names(struct parts *p)
{
	const uint8_t *names = p->bytes + p->names;
	size_t at = 0, left = p->markers - p->names, head;

	for (uint32_t n = 0; n < p->count; n++) {
		if (n % CHUNK == 0 && u32(p, p->markers + 4 * (n / CHUNK)) != at)
			return false;
		if (at >= left)
			return false;
		at += name_len(names + at, left - at, &head) + head;
	}
	p->names_len = at;
	return at <= left && left - at < 256 && p->count;
}

static bool is_count(const struct parts *p)
{
	return p->count >= SYMBOLS_MIN && p->count <= SYMBOLS_MAX
		&& (p->count + CHUNK - 1) / CHUNK == p->marked;
}

/* The count is before the names, and words began where words do until 7.0. */
static bool find_names(struct parts *p)
{
	uint32_t last = u32(p, p->markers + 4 * (p->marked - 1));
	size_t near = p->markers > last ? (p->markers - last) & ~(size_t)3 : 0;
	size_t far = near > 130 * CHUNK ? near - 130 * CHUNK : 0;

	if (!p->tries)
		return false;
	p->tries--;
	for (p->names = near; p->names >= far + 4; p->names -= 4)
		for (unsigned before = 4; before <= p->word && before <= p->names; before += 4) {
			p->count = u32(p, p->names - before);
			if (is_count(p) && are_names(p))
				return true;
		}
	return false;
}

/* Backwards from the tokens: the order by name, if it is there, has 3 bytes a symbol. */
static bool find_markers(struct parts *p)
{
	size_t far = p->tokens > (16u << 20) ? p->tokens - (16u << 20) : 0;

	for (size_t at = p->tokens & ~(size_t)3; p->tries && at >= far + 4; at -= 4) {
		p->markers = at - 4;
		p->marked = marked(p, p->markers, p->tokens);
		if (!p->marked)
			continue;
		/* The last of them may be followed by what looks like one more. */
		for (uint32_t most = p->marked; p->marked && p->marked + 2 > most; p->marked--)
			if (find_names(p))
				return true;
	}
	return false;
}

/* What an offset means. */
enum offsets {
	FROM_BASE,		/* from the base up */
	PERCPU_ABSOLUTE,	/* data of each CPU as they are, others from the base down */
	FROM_ITSELF,		/* from where the offset is (7.0) */
	OFFSETS_COUNT
};

static uint64_t address(const struct parts *p, enum offsets how, uint64_t base,
			size_t at)
{
	uint64_t offset = (uint64_t)(int64_t)(int32_t)u32(p, at), a = 0;

	switch (how) {
	case FROM_BASE:
		a = base + (uint32_t)offset;
		break;
	case PERCPU_ABSOLUTE:
		a = (int64_t)offset >= 0 ? offset : base - 1 - offset;
		break;
	case FROM_ITSELF:
		a = p->addr + at + offset;
		break;
	case OFFSETS_COUNT:
		break;
	}
	return p->word == 4 ? (uint32_t)a : a;
}

/* Symbols are in the order of their addresses. */
static bool take_offsets(const struct parts *p, enum offsets how, uint64_t base,
			 size_t at, struct symbols *s)
{
	uint64_t last = 0;

	for (uint32_t n = 0; n < p->count; n++, at += 4) {
		s->by_addr[n].addr = address(p, how, base, at);
		if (s->by_addr[n].addr < last)
			return false;
		last = s->by_addr[n].addr;
	}
	return last > s->by_addr[0].addr;
}

/* 0: there is none. */
static uint64_t base_at(const struct parts *p, size_t at)
{
	return at + p->word <= p->len ? get_le(p->bytes + at, p->word) : 0;
}

static bool find_offsets(const struct parts *p, struct symbols *s)
{
	size_t bytes = up(4 * (size_t)p->count, p->word), head = 2 * (size_t)p->word;
	size_t behind = up(p->index + 2 * TOKENS, p->word);
	size_t closer = up(p->index + 2 * TOKENS, 4);
	const struct { size_t offsets, base; } places[] = {
		{ p->names > bytes + head ? p->names - head - bytes : p->len,
		  p->names > bytes + head ? p->names - head : p->len },
		{ behind, behind + bytes }, { closer, closer + bytes },
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		for (enum offsets how = 0; how < OFFSETS_COUNT; how++)
			if (places[i].offsets + 4 * (size_t)p->count <= p->len
			    && take_offsets(p, how, base_at(p, places[i].base),
					    places[i].offsets, s))
				return true;
	return false;
}

static bool take(const struct parts *p, struct symbols *s)
{
	size_t at = 0, head;

	*s = (struct symbols){
		.by_addr = calloc(p->count, sizeof(*s->by_addr)), .count = p->count,
		.names = p->bytes + p->names, .names_len = p->names_len,
		.tokens = p->bytes + p->tokens, .token_index = p->bytes + p->index,
		.tokens_end = p->bytes + p->index,
	};
	for (uint32_t n = 0; s->by_addr && n < p->count; n++) {
		s->by_addr[n].name = at;
		at += name_len(s->names + at, p->names_len - at, &head) + head;
	}
	if (s->by_addr && find_offsets(p, s)) {
		s->source = "kallsyms";
		return true;
	}
	free(s->by_addr);
	*s = (struct symbols){ 0 };
	return false;
}

bool kallsyms_find(struct symbols *s, const uint8_t *bytes, size_t len, uint64_t addr,
		   unsigned word)
{
	static const char digits[] = "0\0001\0002\0003\0004\0005\0006\0007\0008\0009";
	struct parts p = { .bytes = bytes, .len = len, .addr = addr, .word = word,
			   .tries = TRIES };
	const uint8_t *at = bytes;

	while ((at = memmem(at, len - (size_t)(at - bytes), digits, sizeof(digits)))) {
		if (find_tokens(&p, (size_t)(at - bytes)) && find_markers(&p) && take(&p, s))
			return true;
		at++;
	}
	return false;
}
