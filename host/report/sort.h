/* SPDX-License-Identifier: GPL-2.0-only */
/* Sorting numbers: most of what the tool does. */
#ifndef SORT_H
#define SORT_H

#include <stddef.h>

/* Upward; none may be NAN.  Equal ones (0 and -0) stay in their order. */
void sort_upward(double *v, size_t n);

#endif
