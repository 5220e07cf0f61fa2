/* SPDX-License-Identifier: GPL-2.0-only */
/* The four functions a freestanding compiler may call; libc's meanings. */
#ifndef LIB_H
#define LIB_H

#include <stddef.h>

/* Source: GCC, "Language Standards Supported": a freestanding environment
 * provides these.  The host's come from libc, the application's from efi/. */
void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);

#endif
