/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The room "writer": the one way by which code is stored to.
 *
 * Where the firmware has EFI_MEMORY_ATTRIBUTE_PROTOCOL the pages that hold sites
 * are made writable and not executable for a store, and are as they were after it;
 * text is read-only for the run, however it was found.  The code that stores is on
 * other pages, so W^X holds from writer_open() to writer_close().  Where it has not,
 * CR0.WP is cleared for the store, see window.h; outside that window, in which
 * interrupts are off, text and code pages have the rights that the firmware gave them,
 * which may be all, but read-only ones if the configuration's "text" says so.
 *
 * Torture stores to text that other CPUs run: by CR0.WP in either case.
 */
#ifndef WRITER_H
#define WRITER_H

#include "patch/text.h"

extern const struct text_writer cpu_text_writer;

/* For text that other CPUs run meanwhile (live_batch.h): its pages stay executable, so it
 * is by CR0.WP, whatever the firmware has. */
extern const struct text_writer live_text_writer;

/* After the last of those stores: read-only pages are not left dirty. */
void live_writer_done(void);

#endif
