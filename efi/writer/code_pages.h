/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages for code of the run's own, taken by the writer and given back. */
#ifndef CODE_PAGES_H
#define CODE_PAGES_H

#include <stdbool.h>
#include <stddef.h>

/**
 * code_pages_take - take whole pages for code that will be stored to by the writer.
 * @at: from the firmware, to be given back after code_pages_forget() or writer_close().
 *
 * They may be executed afterwards; where there is the firmware's protocol, where that
 * had to be asked for in the page tables, or where text is to be read-only, they may
 * not be stored to but by the writer.  No code on them may run during a store.
 *
 * Return: NULL, or why they cannot be had; then they are as they were.
 */
const char *code_pages_take(void *at, size_t len);

/**
 * code_pages_forget - its pages as they were found, to be given back to the firmware.
 *
 * Return: false if they cannot be made so: they must not be given back.
 * writer_close() tells.
 */
bool code_pages_forget(void *at);

#endif
