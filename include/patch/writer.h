/* SPDX-License-Identifier: GPL-2.0-only */
/* The writer: the one way by which code is stored to. */
#ifndef PATCH_WRITER_H
#define PATCH_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct text_writer - the one place that stores to code.
 * @window: Makes [@at, @at + @len) writable for this CPU, keeps interrupts away, and
 *          calls @store(@arg, shift) once, which stores to where code is plus shift.
 *          Then serialises this CPU and puts everything back as it was found.  One
 *          function from the first to the last, so that whatever it switches off
 *          (a shadow stack) is on again in the same frame.
 *          Return: false if it cannot; then @store was not called and nothing is
 *          changed.
 */
struct text_writer {
	bool (*window)(void *ctx, uint8_t *at, size_t len,
		       void (*store)(void *arg, ptrdiff_t shift), void *arg);
	void *ctx;
};

/**
 * text_copy - store @len bytes at @to by a writer, and read them back.
 *
 * Return: false if they could not be stored, or are not there.
 */
bool text_copy(const struct text_writer *wr, uint8_t *to, const uint8_t *from,
	       size_t len);

#endif
