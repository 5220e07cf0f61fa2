/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The serial ports that the firmware has for applications (EFI_SERIAL_IO_PROTOCOL), and
 * which of them its console is on.
 *
 * A console is on a port where the variable ConOut names it, and the firmware has made a
 * text console there.
 */
#ifndef PORTS_H
#define PORTS_H

#include <stdbool.h>
#include <stddef.h>
#include "lib/sink.h"

/* Once, before the others.  More than 16 ports are named, and left alone. */
void ports_open(void);

/* Is there one? */
bool ports_any(void);

/* Is the console on one of them? */
bool ports_have_console(void);

/* To those that the console is on; where there is none such, to every one. */
void ports_put(const char *bytes, size_t len);

/* A last line, to every one, see port_put_last(). */
void ports_put_last(const char *bytes, size_t len);

/* For people: a line for every port that has lost some; one if ports were left alone. */
void ports_say_lost(struct sink *people);
void ports_say_left(struct sink *people);

#endif
