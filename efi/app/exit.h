/* SPDX-License-Identifier: GPL-2.0-only */
/* The application's end, on whatever way it is reached. */
#ifndef EXIT_H
#define EXIT_H

#include <efi.h>
#include "config/config.h"

/* What QEMU's isa-debug-exit is told; disk/run.sh knows the same words. */
enum exit_word {
	EXIT_WORD_OK = 0x10,
	EXIT_WORD_CHECK_FAILED = 0x11,
	EXIT_WORD_BAD_CONFIG = 0x12,
	EXIT_WORD_REFUSED = 0x13,
	EXIT_WORD_NOT_SAVED = 0x14,
};

/* The application begins: its time is counted from here. */
void app_begin(void);

/* The clock counts instructions: the end marker's time is named the guest's, for nobody
 * waits so long, or as short. */
void app_time_is_guests(void);

/**
 * app_end - the end marker, and the way out that the configuration asks for.
 * @way: its "exit".
 * @status: the marker's word.
 *
 * What is open is closed: counters, the guard.  Return: for the firmware, where
 * the way out is to return to it.
 */
EFI_STATUS app_end(enum exit_id way, enum exit_word v, const char *status);

#endif
