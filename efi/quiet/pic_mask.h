/* SPDX-License-Identifier: GPL-2.0-only */
/* The masks of the two 8259s, lent for a quiet window. */
#ifndef PIC_MASK_H
#define PIC_MASK_H

#include <stdbool.h>
#include <stdint.h>

struct pic_masks {
	uint8_t pic1, pic2;
};

/* As they are, and made so. */
struct pic_masks pic_read(void);
void pic_put(struct pic_masks m);

/**
 * pic_mask - mask both, and keep what was there.
 * @lint0_is_masked: so one that does not answer cannot be heard.
 *
 * Return: false if one did not take its mask; pic_unmask() is owed all the same.
 */
bool pic_mask(bool lint0_is_masked);

/* Masks what a handler has unmasked since; that is then what is kept. */
void pic_mask_again(void);

/* Puts back what is kept. */
void pic_unmask(void);

#endif
