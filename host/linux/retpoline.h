/* SPDX-License-Identifier: GPL-2.0-only */
/* Retpolines, and what is made of them. */
#ifndef RETPOLINE_H
#define RETPOLINE_H

#include "view.h"

/* The half of a cache line that a retpoline's indirect branch would end in. */
unsigned branch_half(const struct view *v);

/* What a retpoline was made, by its bytes alone. */
enum rewrite retpoline_form(const struct view *v);

/* The same, if it is what nearly all others were made; see explain.h. */
enum rewrite explain_retpoline(const struct view *v);

#endif
