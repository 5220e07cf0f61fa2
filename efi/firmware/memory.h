/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory from the firmware.  All of it is the application's until it is put back: what is
 * not put back the firmware keeps when the application ends, and frees by itself never.
 */
#ifndef MEMORY_H
#define MEMORY_H

#include <efi.h>
#include <stddef.h>

/**
 * pool_get - @bytes of data, for any use, at an address of at least 8 bytes' alignment.
 *
 * Return: NULL where there is none; nothing is said.  What is in it is not known.
 */
void *pool_get(size_t bytes);

/* Gives it back; NULL does nothing. */
void pool_put(void *p);

/**
 * pages_get - whole pages, in a call's reach of the application where there are any.
 * @type: EfiLoaderCode where they are to be executed, else EfiLoaderData.  Strict
 *        firmware gives them rights by that: see code_pages.h.
 *
 * Return: NULL where there are none so low.
 */
void *pages_get(EFI_MEMORY_TYPE type, size_t bytes);

/* Gives back what pages_get() gave for as many bytes; NULL does nothing. */
void pages_put(void *p, size_t bytes);

#endif
