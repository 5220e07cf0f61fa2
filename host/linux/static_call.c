/* SPDX-License-Identifier: GPL-2.0-only */
/* What is made of static calls, see static_call.h. */
#include <string.h>
#include "lib/bytes.h"
#include "static_call.h"

/* What a static call's key points to; false: it cannot be read. */
static bool static_target(const struct view *v, uint64_t *to)
{
	unsigned word = image_word(v->k->im);
	const uint8_t *p = dump_bytes(v->d, v->s->arg, word);

	if (p)
		*to = get_le(p, word);
	return p;
}

/* A function's code behind ENDBR and the tracer's call; NULL. */
static const uint8_t *function(const struct kernel *k, uint64_t addr)
{
	const uint8_t *p = image_bytes(k->im, addr, ENDBR_LEN + 2 * CALL_LEN);

	if (p && !memcmp(p, "\xf3\x0f\x1e\xfa", ENDBR_LEN))
		p += ENDBR_LEN;
	return p && p[0] == 0xe8 ? p + CALL_LEN : p;
}

/* XOR %eax, %eax, and nothing else. */
static bool returns_zero(const struct kernel *k, uint64_t addr)
{
	const uint8_t *p = function(k, addr);

	return p && !memcmp(p, "\x31\xc0", 2) && (p[2] == 0xc3 || p[2] == 0xe9);
}

/* UD1 (%edx), %rdi: of a warning, since 6.19. */
static const uint8_t warning[CALL_LEN] = { 0x67, 0x48, 0x0f, 0xb9, 0x3a };

static bool warns(const struct kernel *k, uint64_t addr)
{
	const uint8_t *p = function(k, addr);

	return p && !memcmp(p, warning, CALL_LEN);
}

/* Five bytes that make the result 0; until 5.17, and since. */
static bool is_zero(const uint8_t *p)
{
	return !memcmp(p, "\x2e\x2e\x2e\x31\xc0", CALL_LEN)
		|| !memcmp(p, "\x66\x66\x48\x31\xc0", CALL_LEN);
}

/* A static call of nothing, or of what returns 0, or warns. */
static enum rewrite explain_no_call(const struct view *v, uint64_t to)
{
	if (v->built[0] == 0xe9)
		return !to && is_return(v) ? REWRITE_static_none : REWRITE_NOT;
	if (v->built[0] != 0xe8)
		return REWRITE_NOT;
	if (!to)
		return is_atomic_nop(v->got, CALL_LEN)
			? REWRITE_static_none : REWRITE_NOT;
	if (warns(v->k, to) && !memcmp(v->got, warning, CALL_LEN))
		return REWRITE_static_warning;
	return returns_zero(v->k, to) && is_zero(v->got)
		? REWRITE_static_none : REWRITE_NOT;
}

/* Source: Linux, arch/x86/kernel/static_call.c, __static_call_transform().  A CALL may
 * lead to the accounting code before the function. */
enum rewrite explain_static_call(const struct view *v)
{
	unsigned skip = v->s->len - CALL_LEN;
	uint64_t to, at;

	if (!static_target(v, &to))
		return REWRITE_NOT;
	if (v->got[0] != v->built[0] || (skip && v->got[1] != v->built[1]))
		return explain_no_call(v, to);
	at = leads_to(v, skip);
	if (to && (at == to || (v->got[0] == 0xe8 && counts_call(v, at, to))))
		return REWRITE_static_call;
	return explain_no_call(v, to);
}

/*
 * Did some pointer in data become @is, that was nothing or @was in the image?  A key
 * that no table names can be found by that alone.
 */
static bool some_became(const struct kernel *k, const struct dump *d, uint64_t was,
			uint64_t is)
{
	unsigned word = image_word(k->im);

	for (size_t i = 0; i < k->im->count; i++) {
		const struct section *s = &k->im->sections[i];

		if (!s->write || !s->bytes || !s->addr)
			continue;
		for (size_t at = -s->addr & (word - 1); at + word <= s->len; at += word) {
			const uint8_t *got = dump_bytes(d, s->addr + at, word);
			uint64_t old = get_le(s->bytes + at, word);

			if (got && get_le(got, word) == is && old != is
			    && (!old || old == was))
				return true;
		}
	}
	return false;
}

enum rewrite explain_trampoline(const struct view *v)
{
	bool returns = is_return(v);
	uint64_t to, is = returns ? 0 : leads_to(v, 0);

	if (!returns && v->got[0] != 0xe9)
		return REWRITE_NOT;
	if (v->s->arg == KEY_UNKNOWN)
		return some_became(v->k, v->d, led_to(v, 0), is)
			? REWRITE_trampoline : REWRITE_NOT;
	return static_target(v, &to) && to == is ? REWRITE_trampoline : REWRITE_NOT;
}
