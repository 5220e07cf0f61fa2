/* SPDX-License-Identifier: GPL-2.0-only */
/* Mixes from the stick: \mixes\NAME.json, \mixes\FOLDER\NAME.json. */
#ifndef STICK_MIXES_H
#define STICK_MIXES_H

#include "config/config.h"
#include "patch/text.h"

/**
 * mixes_load - those that a configuration asks for become workloads.
 * @ring: that they will run in.
 * @own:  the application's text.
 *
 * Each that is refused is said on the console, with its place.
 *
 * Return: NULL, or a line about the first that is not there as it was asked for.
 */
const char *mixes_load(const struct config *c, unsigned ring, const struct text *own);

#endif
