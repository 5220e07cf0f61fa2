/* SPDX-License-Identifier: GPL-2.0-only */
/* A token of 4 bytes to another process and back: a switch each way. */
#include "token.h"

PATH_TOKEN_SOURCE(switch, 4, "movl", "incl")
