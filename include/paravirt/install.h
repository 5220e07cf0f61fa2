/* SPDX-License-Identifier: GPL-2.0-only */
/* A backend put in force: its own ops, and the native ones where it has none. */
#ifndef INSTALL_H
#define INSTALL_H

#include <stdbool.h>
#include <stdint.h>
#include "paravirt/ops.h"

/**
 * backend_op - the address of an op of a backend.
 * @op:     enum op.
 * @callee: of its callee-save thunk.
 *
 * Return: the native backend's where it has none of its own; 0 where there is no
 * such thunk.
 */
uintptr_t backend_op(const struct backend *b, unsigned op, bool callee);

/**
 * backend_install - put a backend's ops and thunks into the tables in force.
 *
 * Every slot of paravirt_ops and paravirt_callee is stored, with the native ops where
 * @b overrides none.  Sites that are patched to a direct call do not notice.
 */
void backend_install(const struct backend *b);

#endif
