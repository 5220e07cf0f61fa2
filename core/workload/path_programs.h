/* SPDX-License-Identifier: GPL-2.0-only */
/* Ring 3's programs of paths, once there are rows of these; see path.h. */
#ifndef PATH_PROGRAMS_H
#define PATH_PROGRAMS_H

#include "workload/path.h"

extern struct user_code path_programs[PATH_COUNT][USER_PROGRAMS];

#endif
