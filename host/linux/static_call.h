/* SPDX-License-Identifier: GPL-2.0-only */
/* What is made of static calls, and of their trampolines; see explain.h. */
#ifndef STATIC_CALL_H
#define STATIC_CALL_H

#include "view.h"

enum rewrite explain_static_call(const struct view *v);
enum rewrite explain_trampoline(const struct view *v);

#endif
