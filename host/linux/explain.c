/* SPDX-License-Identifier: GPL-2.0-only */
/* What each mechanism makes of a place of its table, see explain.h. */
#include <string.h>
#include "explain.h"
#include "lib/bytes.h"
#include "retpoline.h"
#include "static_call.h"

static enum rewrite explain_return(const struct view *v)
{
	unsigned half = v->s->addr >> 5 & 1;
	uint64_t thunk = v->h->returns[half].thunk;

	if (v->built[0] != 0xe9)
		return REWRITE_NOT;
	if (v->h->returns[half].plain && is_ret(v->got))
		return REWRITE_return_plain;
	return thunk && v->got[0] == 0xe9 && leads_to(v, 0) == thunk
		? REWRITE_return_thunk : REWRITE_NOT;
}

static enum rewrite explain_call(const struct view *v)
{
	return v->built[0] == 0xe8 && v->got[0] == 0xe8
		&& counts_call(v, leads_to(v, 0), led_to(v, 0))
		? REWRITE_call_depth : REWRITE_NOT;
}

static enum rewrite explain_accounting(const struct view *v)
{
	return all_nops(v->k->im, v->built, v->s->len)
		&& counts_call(v, v->s->addr, v->s->addr + v->s->len)
		? REWRITE_accounting : REWRITE_NOT;
}

static enum rewrite explain_lock(const struct view *v)
{
	return v->built[0] == 0xf0 && v->got[0] == 0x3e
		? REWRITE_lock_prefix : REWRITE_NOT;
}

/* Until 6.14, and since. */
static enum rewrite explain_endbr(const struct view *v)
{
	return !memcmp(v->built, "\xf3\x0f\x1e\xfa", ENDBR_LEN)
		&& (!memcmp(v->got, "\x66\x0f\x1f\x00", ENDBR_LEN)
		    || !memcmp(v->got, "\x0f\x1f\x40\xd6", ENDBR_LEN))
		? REWRITE_endbr_sealed : REWRITE_NOT;
}

static enum rewrite explain_fentry(const struct view *v)
{
	return v->built[0] == 0xe8 && is_atomic_nop(v->got, CALL_LEN)
		? REWRITE_fentry_nop : REWRITE_NOT;
}

/* Is it a JMP to the label's target? */
static bool is_label_jump(const struct view *v)
{
	const uint8_t *got = v->got;

	if (v->s->len == CALL_LEN)
		return got[0] == 0xe9 && leads_to(v, 0) == v->s->arg;
	return got[0] == 0xeb
		&& v->s->addr + 2 + (uint64_t)(int64_t)(int8_t)got[1] == v->s->arg;
}

/* Source: Linux, include/linux/jump_label.h, static_key_count(): above 0, or -1 while it
 * is being switched on. */
static enum rewrite explain_label(const struct view *v)
{
	const uint8_t *key = dump_bytes(v->d, v->s->key, 4);
	bool jump = is_label_jump(v);

	if (!jump && !is_atomic_nop(v->got, v->s->len))
		return REWRITE_NOT;
	if (!key)
		return REWRITE_label_no_key;
	if (((get_le(key, 4) != 0) ^ v->s->flag) != jump)
		return REWRITE_NOT;
	return jump ? REWRITE_label_jump : REWRITE_label_nop;
}

/* All operands of one section have one value, where the compiler had one mark. */
static enum rewrite explain_constant(const struct view *v)
{
	const uint8_t *first = image_bytes(v->k->im, v->s->arg, 4), *other, *mark;
	uint64_t at;

	if (!first)
		return REWRITE_NOT;
	at = v->s->arg + get_s32(first);
	other = dump_bytes(v->d, at, v->s->len);
	mark = image_bytes(v->k->im, at, v->s->len);
	return other && mark && !memcmp(other, v->got, v->s->len)
		&& !memcmp(mark, v->built, v->s->len) ? REWRITE_constant : REWRITE_NOT;
}

enum rewrite explain(const struct view *v)
{
	static enum rewrite (*const by_table[TABLE_COUNT])(const struct view *v) = {
		[TABLE_returns] = explain_return,
		[TABLE_retpolines] = explain_retpoline,
		[TABLE_calls] = explain_call,
		[TABLE_accounting] = explain_accounting,
		[TABLE_locks] = explain_lock,
		[TABLE_endbrs] = explain_endbr,
		[TABLE_fentries] = explain_fentry,
		[TABLE_labels] = explain_label,
		[TABLE_static_calls] = explain_static_call,
		[TABLE_trampolines] = explain_trampoline,
		[TABLE_constants] = explain_constant,
	};

	return by_table[v->s->table](v);
}
