/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A store by the firmware's attributes of pages: they are writable and not executable
 * meanwhile.
 */
#ifndef ATTRIBUTE_WINDOW_H
#define ATTRIBUTE_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * attribute_window - make pages writable, call @store(@arg, 0), make them as they were.
 *
 * IF is off while it stores, and the guard is open.  Where the firmware does not put
 * them back, the machine is stopped.
 * Return: false: the firmware refuses; nothing was stored, and they are as they were.
 */
bool attribute_window(uint8_t *at, size_t len,
		      void (*store)(void *arg, ptrdiff_t shift), void *arg);

/* Would it? */
bool attribute_window_works(const uint8_t *at, size_t len);

#endif
