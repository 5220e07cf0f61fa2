/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The masks of the two 8259s, see pic_mask.h.
 *
 * Source: Intel 8259A data sheet, "OCW1".
 */
#include "cpu/cpu.h"
#include "machine/kept.h"
#include "pic_mask.h"

#define PIC1_MASK	0x21
#define PIC2_MASK	0xa1

static struct pic_masks masks_before;

struct pic_masks pic_read(void)
{
	struct pic_masks m = { .pic1 = cpu_in8(PIC1_MASK) };

	m.pic2 = cpu_in8(PIC2_MASK);
	return m;
}

void pic_put(struct pic_masks m)
{
	cpu_out8(PIC1_MASK, m.pic1);
	cpu_out8(PIC2_MASK, m.pic2);
}

/* Masks one, and looks whether it took that. */
static enum kept_pic mask_pic(uint16_t port)
{
	uint8_t after_ff, after_fe;

	cpu_out8(port, 0xff);
	after_ff = cpu_in8(port);
	if (after_ff == 0xff)
		return KEPT_PIC_MASKED;
	cpu_out8(port, 0xfe);
	after_fe = cpu_in8(port);
	cpu_out8(port, 0xff);
	return kept_by_pic(after_ff, after_fe);
}

/* One that is not there sends nothing; were it there and did not answer, LINT0, by which
 * it would, is masked.  (By an I/O APIC's ExtINT it could still: then it is counted.) */
bool pic_mask(bool lint0_is_masked)
{
	enum kept_pic one, two;

	masks_before = pic_read();
	one = mask_pic(PIC1_MASK);
	two = mask_pic(PIC2_MASK);
	if (one == KEPT_PIC_OPEN || two == KEPT_PIC_OPEN)
		return false;
	return lint0_is_masked
		|| (one == KEPT_PIC_MASKED && two == KEPT_PIC_MASKED);
}

void pic_mask_again(void)
{
	const struct pic_masks now = pic_read();

	if (now.pic1 != 0xff)
		masks_before.pic1 = now.pic1;
	if (now.pic2 != 0xff)
		masks_before.pic2 = now.pic2;
	cpu_out8(PIC1_MASK, 0xff);
	cpu_out8(PIC2_MASK, 0xff);
}

void pic_unmask(void)
{
	cpu_out8(PIC2_MASK, masks_before.pic2);
	cpu_out8(PIC1_MASK, masks_before.pic1);
}
