/* SPDX-License-Identifier: GPL-2.0-only */
/* The high precision event timer's counter, on loan. */
#ifndef HPET_H
#define HPET_H

#include <stdint.h>

/**
 * hpet_open - find it, and start it if it is not running.
 *
 * It is not started where one of its timers would raise an interrupt by that.
 *
 * Return: NULL, or why it cannot be used; hpet_close() only after NULL.
 */
const char *hpet_open(void);

/* Stops it, and puts the counter back, if hpet_open() has started it. */
void hpet_close(void);

/* Its rate, and the low half of its counter.  Between open and close. */
uint32_t hpet_hz(void);
uint32_t hpet_read(void);

#endif
