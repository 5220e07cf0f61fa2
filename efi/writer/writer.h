/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The writer: the one way by which code is stored to.
 *
 * Where the firmware has EFI_MEMORY_ATTRIBUTE_PROTOCOL the pages that hold sites
 * are made writable and not executable for a store, and are as they were after it;
 * text is read-only for the run, however it was found.  The code that stores is on
 * other pages, so W^X holds from writer_open() to writer_close().  Where it has not,
 * CR0.WP is cleared for the store, see window.c; outside that window, in which
 * interrupts are off, text and code pages have the rights that the firmware gave them,
 * which may be all, but read-only ones if the configuration's "text" says so.
 *
 * Torture stores to text that other CPUs run: by CR0.WP in either case.
 */
#ifndef WRITER_H
#define WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "machine/environment.h"
#include "patch/text.h"

extern const struct text_writer cpu_text_writer;

/* For text that other CPUs run meanwhile (live_batch.h): its pages stay executable, so it
 * is by CR0.WP, whatever the firmware has. */
extern const struct text_writer live_text_writer;

/* After the last of those stores: read-only pages are not left dirty. */
void live_writer_done(void);

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

/**
 * writer_code - take whole pages for code that will be stored to by the writer.
 * @at: from the firmware, to be given back after writer_forget() or writer_close().
 *
 * They may be executed afterwards; where there is the firmware's protocol, where that
 * had to be asked for in the page tables, or where text is to be read-only, they may
 * not be stored to but by the writer.  No code on them may run during a store.
 *
 * Return: NULL, or why they cannot be had; then they are as they were.
 */
const char *writer_code(void *at, size_t len);

/**
 * writer_forget - its pages as they were found, to be given back to the firmware.
 *
 * Return: false if they cannot be made so: they must not be given back.
 * writer_close() tells.
 */
bool writer_forget(void *at);

#endif
