/* SPDX-License-Identifier: GPL-2.0-only */
/* A bzImage: the vmlinux in it. */
#ifndef BZIMAGE_H
#define BZIMAGE_H

#include <stddef.h>
#include <stdint.h>
#include "refusal.h"

/**
 * bzimage_is - does a bzImage begin here?
 *
 * Source: Linux, Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header".
 */
bool bzimage_is(const uint8_t *bytes, size_t len);

/* The packed vmlinux in a bzImage. */
bool bzimage_payload(const uint8_t *bytes, size_t len, const uint8_t **payload,
		     size_t *payload_len, struct refusal *r);

#endif
