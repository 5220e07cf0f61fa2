/* SPDX-License-Identifier: GPL-2.0-only */
/* The text of this image, as the patch engine wants to know it. */
#ifndef OWN_TEXT_H
#define OWN_TEXT_H

#include "patch/text_where.h"

/**
 * own_text - the image's sites, tables and stubs.
 * @bytes: of its text, which is where it runs; @len of them.
 */
struct text_where own_text(uint8_t *bytes, size_t len);

/**
 * own_trampolines - its trampolines, a text of their own.
 * @own: as own_text() made it.
 */
struct text_where own_trampolines(const struct text_where *own);

#endif
