/* SPDX-License-Identifier: GPL-2.0-only */
/* The backend whose ops tables and trampolines are in force while its cells run. */
#ifndef BACKEND_IN_FORCE_H
#define BACKEND_IN_FORCE_H

#include "run/run.h"
#include "run/run_error.h"

/* Installs a backend's tables, and patches the trampolines to its ops. */
bool backend_put_in_force(const struct run *r, enum backend_id b, struct run_error *e);

/* Are the trampolines still what that made of them? */
bool backend_is_in_force(const struct run *r, enum backend_id b, struct run_error *e);

/* Puts the built bytes of a text back, the application's, a module's or that of the
 * trampolines; NULL: there is none, which is well. */
bool run_restore_text(const struct run *r, const struct text *t, struct run_error *e);

#endif
