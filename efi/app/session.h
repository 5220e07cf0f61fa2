/* SPDX-License-Identifier: GPL-2.0-only */
/* From a configuration to a report, and the application's end. */
#ifndef SESSION_H
#define SESSION_H

#include <efi.h>
#include "cpu/counters.h"
#include "patch/text.h"

/* What QEMU's isa-debug-exit is told; disk/run.sh knows the same words. */
enum exit_word {
	EXIT_WORD_OK = 0x10,
	EXIT_WORD_CHECK_FAILED = 0x11,
	EXIT_WORD_BAD_CONFIG = 0x12,
	EXIT_WORD_REFUSED = 0x13,
	EXIT_WORD_NOT_SAVED = 0x14,
};

/**
 * session - check, measure and report what app.config asks for.
 * @cycles: an open source of core cycles, or none.
 *
 * Return: what app_end() returned.
 */
EFI_STATUS session(const struct cycles_source *cycles);

/**
 * session_unload, session_put - for a way out from anywhere: give back to the firmware
 * the modules, while text can be written, and after app_end() the memory.
 *
 * The frames of session() must still be there.  Without a session they do nothing.
 */
void session_unload(void);
void session_put(void);

/**
 * alternatives_begin - apply the application's alternatives, for the CPU that is here.
 * @t: its text, open and as built; needed until alternatives_end().
 *
 * Return: false: nothing was changed, and a line says why.
 */
bool alternatives_begin(const struct text *t);

/* Puts the built bytes back.  Return: NULL, or what went wrong. */
const char *alternatives_end(void);

/**
 * app_end - the end marker, and the way out that the configuration asks for.
 * @status: the marker's word.
 *
 * What is open is closed: counters, the guard.  Return: for the firmware, where
 * the way out is to return to it.
 */
EFI_STATUS app_end(enum exit_word v, const char *status);

#endif
