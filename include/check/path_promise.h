/* SPDX-License-Identifier: GPL-2.0-only */
/* What a path must leave in the kernel's memory. */
#ifndef PATH_PROMISE_H
#define PATH_PROMISE_H

#include "workload/path.h"

/**
 * path_broken - what of its promise did a path not keep?
 * @k:     as it was left.
 * @units: so many were run since kernel_begin().
 *
 * Pure.  Return: NULL, or what is not as it must be, in words.
 */
const char *path_broken(enum path_id p, const struct kernel *k, unsigned units);

#endif
