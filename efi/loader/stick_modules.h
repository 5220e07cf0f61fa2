/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The room "loader": modules from the stick, and what vouches for them.
 *
 * This header has all that the configuration asks for: loaded before the plan is made,
 * unloaded when all is measured.
 */
#ifndef STICK_MODULES_H
#define STICK_MODULES_H

#include "run/run.h"

/* Asked for, at most; what comes behind is refused by name. */
#define MODULES_MAX	12

/**
 * modules_load - those that the configuration asks for.
 * @r:   its module rows are filled, one for each that was asked for; their workloads
 *       are added, so the plan has cells of them.
 * @own: the application's text, whose tables the sites call by.
 *
 * A module has pages of its own, in reach of the application.  One that cannot be
 * loaded has no page, its row says why, and a line does; the others are loaded.
 * Where Secure Boot is on only those are loaded whose bytes the application knows:
 * it was signed with their digests in it.
 *
 * Return: NULL, or why none could be looked for; a line says it too.
 */
const char *modules_load(struct run *r, const struct text_where *own);

/**
 * modules_unload - poison and free what modules_load() took.
 * @r: its module texts are as they were built.
 *
 * Each row says whether the firmware has the pages back.  May be called twice.
 */
void modules_unload(struct run *r);

#endif
