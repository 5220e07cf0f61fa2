/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The room "app": the application, from the firmware's call (entry.S, main.c) by what is
 * to be done (configure.h) to its end (exit.h).
 *
 * This header has what is in between: from a configuration to a report.
 */
#ifndef SESSION_H
#define SESSION_H

#include <efi.h>
#include "config/config.h"
#include "cpu/counters.h"
#include "machine/environment.h"

/**
 * session - check, measure and report what a configuration asks for.
 * @env: what is known of the machine; what LFENCE does is put there.
 * @cycles: an open source of core cycles, or none.
 *
 * Return: what app_end() returned.
 */
EFI_STATUS session(const struct config *c, struct environment *env,
		   const struct cycles_source *cycles);

/**
 * session_unload, session_put - for a way out from anywhere: give back to the firmware
 * the modules, while text can be written, and after app_end() the memory.
 *
 * The frames of session() must still be there.  Without a session they do nothing.
 */
void session_unload(void);
void session_put(void);

#endif
