/* SPDX-License-Identifier: GPL-2.0-only */
/* The writer, from the start of the run to its end. */
#ifndef WRITER_OPEN_H
#define WRITER_OPEN_H

#include <stdbool.h>
#include "machine/environment.h"

/**
 * writer_open - find out how text is to be written, and try it.
 *
 * @readonly: what the configuration's "text" says: all code is read-only for the run.
 * @found: filled.
 *
 * By the protocol, or where @readonly says so, the application's text is mapped
 * read-only first.
 *
 * Return: NULL, or what does not work, for one line of text.
 */
const char *writer_open(bool readonly, struct text_written *found);

/**
 * writer_close - every page as it was found.
 *
 * Return: NULL, or what could not be put back.  Without writer_open() it does
 * nothing.
 */
const char *writer_close(void);

#endif
