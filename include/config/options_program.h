/* SPDX-License-Identifier: GPL-2.0-only */
/* What the application was started as: its file, for options that follow its name. */
#ifndef OPTIONS_PROGRAM_H
#define OPTIONS_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

/**
 * options_program - the file name in a device path.
 * @path: a device path, up to its end node or @len bytes.
 * @to, @room: the path's text, in ASCII; "" if there is none.
 *
 * Source: UEFI Specification, "File Path Media Device Path".
 */
void options_program(const uint8_t *path, size_t len, char *to, size_t room);

#endif
