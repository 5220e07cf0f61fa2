/* SPDX-License-Identifier: GPL-2.0-only */
/* The CPU's branch predictors. */
#ifndef PREDICTORS_H
#define PREDICTORS_H

/* What makes the CPU forget its branch predictions, or NULL where
 * nothing does; for struct machine. */
void (*predictors_flush_here(void))(void *ctx);

#endif
