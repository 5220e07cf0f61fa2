/* SPDX-License-Identifier: GPL-2.0-only */
/* Does a quiet window put everything back? */
#ifndef QUIET_CHECK_H
#define QUIET_CHECK_H

/**
 * quiet_check - open and close a window, and compare what it touches.
 *
 * IF, the masks of the 8259s, the local vector table, the task priority, IDTR,
 * LFENCE's setting, EFLAGS.AC, and what the per-CPU segment is made of.  Once as the
 * machine is, and once with values of its own, so that lost ones show.  To be called
 * before anybody else holds the guard open, or a lost IDTR cannot show.  What was not
 * put back is put back here.
 *
 * Return: NULL, or the name of what is not as it was.
 */
const char *quiet_check(void);

#endif
