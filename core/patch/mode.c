/* SPDX-License-Identifier: GPL-2.0-only */
/* The dispatch modes: each an encode function and a row in mode.def. */
#include "lib/mem.h"
#include "paravirt/install.h"
#include "patch/mode.h"
#include "paravirt/stub.h"
#include "patch/text.h"

/* The native build leaves no records, so nothing is ever encoded for it; if a
 * site is given all the same, it stays what it was. */
static enum patched encode_native(const struct backend *b,
				  const struct sited_op *so, uint8_t *buf,
				  unsigned *used)
{
	(void)b, (void)so, (void)buf, (void)used;
	return KEPT_AS_BUILT;
}

static enum patched encode_indirect(const struct backend *b,
				    const struct sited_op *so, uint8_t *buf,
				    unsigned *used)
{
	(void)b, (void)so, (void)buf, (void)used;
	return KEPT_AS_BUILT;
}

/* The op's instructions themselves, by the backend's hook. */
static enum patched encode_inline(const struct backend *b,
				  const struct sited_op *so, uint8_t *buf,
				  unsigned *used)
{
	/* A jump is not called: it cannot fall through what it jumps to. */
	return so->jump ? KEPT_NO_FORM : b->ops.patch
		? b->ops.patch(so, buf, used)
		: native_backend.ops.patch(so, buf, used);
}

/* The site's CALL through memory becomes one of @target; what was pushed around it
 * is, and the NOPs behind it are the engine's. */
static enum patched put_call(const struct sited_op *so, uint64_t target,
			     uint8_t *buf, unsigned *used)
{
	uint64_t rel = target - (so->addr + so->call + CALL_LEN);

	if (!target)
		return KEPT_NO_FORM;
	if (!rel32_reaches(so->isa, rel))
		return KEPT_OUT_OF_REACH;
	buf[so->call] = so->jump ? 0xe9 : 0xe8;
	put_le32(buf + so->call + 1, (uint32_t)rel);
	for (unsigned i = 0; i < so->pops; i++)
		buf[so->call + CALL_LEN + i] = buf[so->call + CALL_MEM_LEN + i];
	*used = so->call + CALL_LEN + so->pops;
	return PATCHED_CALL;
}

static unsigned endbr_len(const struct sited_op *so)
{
	return so->where ? so->where->endbr : 0;
}

/* A direct call needs no ENDBR to land on. */
static enum patched encode_direct(const struct backend *b,
				  const struct sited_op *so, uint8_t *buf,
				  unsigned *used)
{
	uint64_t op = backend_op(b, so->type, so->callee);

	return put_call(so, op ? op + endbr_len(so) : 0, buf, used);
}

/* The rule, not its backends': of those Linux inlined native's, Xen's until 4.19,
 * and two of lguest's.  Source: Linux 5.4, arch/x86/kernel/paravirt.c,
 * native_patch(), and paravirt_patch_default(), which it goes on to. */
static enum patched encode_best(const struct backend *b,
				const struct sited_op *so, uint8_t *buf,
				unsigned *used)
{
	return encode_inline(b, so, buf, used) == PATCHED_INLINE ? PATCHED_INLINE
		: encode_direct(b, so, buf, used);
}

static enum patched encode_endbr(const struct backend *b,
				 const struct sited_op *so, uint8_t *buf,
				 unsigned *used)
{
	uint64_t op = endbr_len(so) ? backend_op(b, so->type, so->callee) : 0;

	return put_call(so, op, buf, used);
}

/* Stubs go by the table in force, whatever the backend. */
static enum patched call_stub(const struct sited_op *so, enum stub kind,
			      uint8_t *buf, unsigned *used)
{
	uint64_t base = so->where ? so->where->stub[kind] : 0;
	unsigned i = (so->callee ? so->where->ops : 0) + so->type;
	uint64_t stub = base && !so->jump ? base + i * STUB_BYTES : 0;
	enum patched outcome = put_call(so, stub, buf, used);

	return outcome == PATCHED_CALL ? PATCHED_STUB : outcome;
}

static enum patched encode_retpoline(const struct backend *b,
				     const struct sited_op *so, uint8_t *buf,
				     unsigned *used)
{
	(void)b;
	return call_stub(so, STUB_retpoline, buf, used);
}

#define ARGUMENT_IN_CX	3	/* the third word of them, see shape.h */

/* On ia32 the stub of an op with arguments needs ECX, which a callee-save site does
 * not give; others save it or may change it, if no argument is in it. */
static enum patched encode_lfence(const struct backend *b,
				  const struct sited_op *so, uint8_t *buf,
				  unsigned *used)
{
	unsigned arguments = op_info[so->type].arguments;

	(void)b;
	if (so->isa == ISA_IA32 && arguments && (so->callee || arguments >= ARGUMENT_IN_CX))
		return KEPT_NO_REGISTER;
	return call_stub(so, STUB_lfence, buf, used);
}

static enum patched encode_trampoline(const struct backend *b,
				      const struct sited_op *so, uint8_t *buf,
				      unsigned *used)
{
	(void)b;
	return call_stub(so, STUB_trampoline, buf, used);
}

/* The NOP that a static key's jump is when it does not jump.  Source: Linux,
 * arch/x86/include/asm/jump_label.h. */
#define KEY_LEN		5

static enum patched encode_key_nop(const struct backend *b,
				   const struct sited_op *so, uint8_t *buf,
				   unsigned *used)
{
	static const uint8_t key[KEY_LEN] = { 0x0f, 0x1f, 0x44, 0, 0 };
	struct sited_op behind = *so;
	uint8_t form[FORM_LEN_MAX];
	enum patched outcome;
	unsigned len = 0;

	if (so->len < KEY_LEN)
		return KEPT_TOO_SMALL;
	behind.addr += KEY_LEN;
	behind.len = so->len - KEY_LEN;
	outcome = encode_inline(b, &behind, form, &len);
	if (outcome != PATCHED_INLINE)
		return outcome;
	memcpy(buf, key, KEY_LEN);
	memcpy(buf + KEY_LEN, form, len);
	*used = KEY_LEN + len;
	return outcome;
}

/* JMP rel32 at the place of the call; the byte left over is never reached. */
static enum patched encode_key_jmp(const struct backend *b,
				   const struct sited_op *so, uint8_t *buf,
				   unsigned *used)
{
	uint64_t rel = so->island - (so->addr + so->call + JMP_LEN);

	(void)b;
	if (!so->island || so->jump)
		return KEPT_NO_FORM;
	if (!rel32_reaches(so->isa, rel))
		return KEPT_OUT_OF_REACH;
	buf[so->call] = 0xe9;
	put_le32(buf + so->call + 1, (uint32_t)rel);
	buf[so->call + JMP_LEN] = 0xcc;
	*used = so->len;
	return PATCHED_JUMP;
}

/* Out of line: the call as it was built, of the same slot, and back behind it. */
static unsigned island_key_jmp(const struct sited_op *so, uint8_t *buf)
{
	bool x64 = so->isa == ISA_X86_64;
	uint64_t table = so->callee ? so->where->callee : so->where->table;
	uint64_t slot = table + (uint64_t)so->type * (x64 ? 8 : 4);
	uint64_t back = so->addr + so->call + CALL_MEM_LEN;

	buf[0] = 0xff;
	buf[1] = 0x15;
	put_le32(buf + 2, (uint32_t)(slot - (x64 ? so->island + CALL_MEM_LEN : 0)));
	buf[CALL_MEM_LEN] = 0xe9;
	put_le32(buf + CALL_MEM_LEN + 1,
		(uint32_t)(back - (so->island + CALL_MEM_LEN + JMP_LEN)));
	return CALL_MEM_LEN + JMP_LEN;
}

/* Tests IF in the argument, and goes over @over bytes if it is 0.  Source: Intel
 * SDM Vol. 2A, "BT--Bit Test", "TEST--Logical Compare". */
static unsigned put_test(enum isa isa, unsigned over, uint8_t *to)
{
	/* bt $9, %edi; jnc / test $2, %ah; jz */
	static const uint8_t x86_64[] = { 0x0f, 0xba, 0xe7, 9, 0x73 };
	static const uint8_t ia32[] = { 0xf6, 0xc4, 2, 0x74 };
	unsigned n = isa == ISA_X86_64 ? sizeof(x86_64) : sizeof(ia32);

	memcpy(to, isa == ISA_X86_64 ? x86_64 : ia32, n);
	to[n] = (uint8_t)over;
	return n + 1;
}

/* irq_enable behind the test: inline, or a call where the site bears one. */
static enum patched put_enable(const struct backend *b, const struct sited_op *so,
			       uint8_t *form, unsigned *len)
{
	unsigned all = so->isa == ISA_X86_64 ? CLOBBER_X86_64 : CLOBBER_IA32;
	struct sited_op call = *so;
	enum patched outcome = encode_inline(b, so, form, len);

	if (outcome == PATCHED_INLINE || so->len < CALL_LEN)
		return outcome;
	if (so->clobbers != all && !so->callee)
		return KEPT_NO_REGISTER;
	call.call = call.pops = 0;
	return encode_direct(b, &call, form, len) == PATCHED_CALL
		? PATCHED_TEST_CALL : KEPT_OUT_OF_REACH;
}

static enum patched encode_test_sti(const struct backend *b,
				    const struct sited_op *so, uint8_t *buf,
				    unsigned *used)
{
	struct sited_op enable = *so;
	uint8_t form[FORM_LEN_MAX], test[8];
	enum patched outcome;
	unsigned n, len = 0;

	if (so->type != OP_restore_fl)
		return encode_inline(b, so, buf, used);
	n = put_test(so->isa, 0, test);
	if (so->len < n || so->jump)
		return KEPT_TOO_SMALL;
	enable.type = OP_irq_enable;
	enable.addr += n;
	enable.len -= n;
	outcome = put_enable(b, &enable, form, &len);
	if (outcome_is_kept(outcome))
		return outcome;
	put_test(so->isa, len, buf);
	memcpy(buf + n, form, len);
	*used = n + len;
	return outcome;
}

static enum patched encode_nop(const struct backend *b,
			       const struct sited_op *so, uint8_t *buf,
			       unsigned *used)
{
	(void)b, (void)buf;
	*used = 0;
	return so->jump ? KEPT_NO_FORM : PATCHED_INLINE;
}

const struct mode modes[MODE_COUNT] = {
#define island_none NULL
#define MODE(name, effect, pads, island, what) \
	{ #name, what, EFFECT_##effect, pads, encode_##name, island_##island },
#include "list/mode.def"
#undef MODE
};
