/* SPDX-License-Identifier: GPL-2.0-only */
/* Arithmetic whose middle does not fit 64 bits. */
#ifndef WIDE_H
#define WIDE_H

#include <stdint.h>

/**
 * mul_div - a * b / c, rounded down, through 128 bits.
 *
 * Return: UINT64_MAX where the result does not fit, or @c is 0.
 */
uint64_t mul_div(uint64_t a, uint64_t b, uint64_t c);

#endif
