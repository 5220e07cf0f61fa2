/* SPDX-License-Identifier: GPL-2.0-only */
/* A byte to another process and back. */
#include "token.h"

PATH_TOKEN_SOURCE(pipe, 1, "movzbl", "incb")
