/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Patching a kernel image in memory, as that kernel patches itself on bare metal.
 *
 * First its paravirt sites, by the engine, each section of instructions a text; then
 * the alternatives whose features are known.  Everything is decided before the first
 * byte is stored; if a record is refused, no byte changes.
 */
#ifndef APPLY_H
#define APPLY_H

#include "applied.h"
#include "patch/nop.h"

/**
 * kernel_apply - patch the image.
 * @a: filled on success; applied_free() gives it back.
 * @f: features; those of virtual machines are absent on bare metal.
 * @nops: padding.
 * @r: on failure, the first record that is bad; no byte was changed.
 */
bool kernel_apply(const struct kernel *k, const struct features *f,
		  const struct nop_table *nops, struct applied *a,
		  struct refusal *r);

#endif
