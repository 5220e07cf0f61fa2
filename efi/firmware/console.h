/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text to people and to machines, through the firmware.
 */
#ifndef CONSOLE_H
#define CONSOLE_H

#include <stdbool.h>
#include "lib/sink.h"

/**
 * console_open - find out where text goes.
 *
 * What is for people goes to the firmware's console, what is for machines to the serial
 * ports that this console is on.  Where it is on none, both go to every port that the
 * firmware has for applications (EFI_SERIAL_IO_PROTOCOL), to 16 of them at most.  So
 * nothing is on a port twice.
 */
void console_open(void);

/* For people: screen and serial.  All take \n; a device's failure passes. */
extern struct sink *const console;
/* For machines: serial alone; nothing where there is no serial port. */
extern struct sink *const serial;
/* The same for the last line: to every serial port, and whatever was lost there. */
extern struct sink *const serial_last;

/* Columns of the screen; where there is none, or it is not known, 80. */
unsigned console_columns(void);

/* Is what is for machines read by a program that runs the emulator?  Then it goes to the
 * screen where there is no serial port; else nowhere. */
void console_is_read(bool by_program);

/* Draws over the last progress line; that of all ends it.  @what: said behind it, or
 * empty. */
void console_progress(unsigned done, unsigned of, const char *what);
void console_key(void);

#endif
