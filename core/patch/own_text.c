/* SPDX-License-Identifier: GPL-2.0-only */
/* The text of this image, see own_text.h. */
#include "paravirt/ops.h"
#include "patch/own_islands.h"
#include "patch/own_text.h"

struct text_where own_text(uint8_t *bytes, size_t len)
{
	struct text_where w = {
		.isa = ARCH_ISA, .bytes = bytes, .len = len,
		.addr = (uintptr_t)bytes,
		.sites_addr = (uintptr_t)__start_parainstructions,
		.sites = __start_parainstructions,
		.count = (size_t)(__stop_parainstructions - __start_parainstructions),
		.table = (uintptr_t)&paravirt_ops, .ops = OP_COUNT,
		.callee = (uintptr_t)&paravirt_callee,
		.stub = {
			[STUB_retpoline] = (uintptr_t)stub_retpoline,
			[STUB_lfence] = (uintptr_t)stub_lfence,
			[STUB_trampoline] = (uintptr_t)stub_trampoline,
		},
		.endbr = ENDBR_LEN,
	};

	if (w.count > OWN_ISLANDS)
		return w;
	w.islands = (uintptr_t)own_islands;
	w.island_bytes = own_islands;
	return w;
}

struct text_where own_trampolines(const struct text_where *own)
{
	struct text_where w = *own;

	w.jumps = true;
	w.sites = trampoline_sites;
	w.sites_addr = (uintptr_t)trampoline_sites;
	w.count = (size_t)(trampoline_sites_end - trampoline_sites);
	w.islands = 0;
	w.island_bytes = NULL;
	return w;
}
