/* SPDX-License-Identifier: GPL-2.0-only */
/* A module's alternatives: once, as a kernel does it when it loads one. */
#ifndef STICK_ALTERNATIVES_H
#define STICK_ALTERNATIVES_H

#include "loading.h"

/**
 * stick_alternatives_open - open and apply them, by the application's rules, on this CPU.
 * @l: loaded, its sites open.
 *
 * Return: false: l->row->why says why.
 */
bool stick_alternatives_open(struct loading *l);

#endif
