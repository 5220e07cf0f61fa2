/* SPDX-License-Identifier: GPL-2.0-only */
/* Words of the environment that its lines and its JSON share. */
#ifndef ENVIRONMENT_SAY_H
#define ENVIRONMENT_SAY_H

#include "machine/environment.h"

/* What is to be known of the microcode's revision, or empty. */
const char *environment_microcode_note(const struct environment *env);

/* The UEFI specification's revision, "2.7" or "2.3.1"; empty where not UEFI. */
const char *environment_uefi(char to[16], const struct environment *env);

/* What a source was good for: "yes", "cross-check" or "no". */
const char *environment_used(const struct environment *env, enum tsc_kind k);

/* Why a source is not used, or empty. */
const char *environment_source_why(const struct environment *env, enum tsc_kind k);

/* What the TSC's rate was held against, or empty. */
const char *environment_cross(const struct environment *env);

#endif
