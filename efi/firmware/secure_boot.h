/* SPDX-License-Identifier: GPL-2.0-only */
/* Secure Boot: does the firmware check what it starts? */
#ifndef SECURE_BOOT_H
#define SECURE_BOOT_H

#include <stdbool.h>

/**
 * secure_boot_on - is Secure Boot in force?
 *
 * What the firmware's variable SecureBoot says, which nobody but the firmware
 * can write.  Boot services need not be there.
 *
 * Return: false also where there is no such variable: a firmware without it
 * checks nothing.  What the firmware cannot say, or says in another form, counts as
 * on.
 */
bool secure_boot_on(void);

#endif
