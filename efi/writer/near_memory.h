/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory for bodies, which the writer may store to and the CPU may run. */
#ifndef NEAR_MEMORY_H
#define NEAR_MEMORY_H

#include <stdbool.h>
#include "measure/platform.h"

/**
 * near_get - pages for bodies, in a call's reach of the application where there are any.
 * @near: filled, so far as there are any: near_put() is owed in either case.
 *
 * Return: false: there are none, or they cannot be executed; a line says the latter.
 */
bool near_get(struct near_memory *near);

/* Gives them back, with the rights that they came with.  Pages whose rights cannot be put
 * back are kept. */
void near_put(struct near_memory *near);

#endif
