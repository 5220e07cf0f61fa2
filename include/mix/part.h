/* SPDX-License-Identifier: GPL-2.0-only */
/* Parts: the ops that bodies of mixes have sites of, see mix_op.def. */
#ifndef MIX_PART_H
#define MIX_PART_H

#include <stdbool.h>
#include "workload/mix_code.h"

/* The workload that is that op by itself. */
enum workload_id mix_part_workload(enum mix_part p);

/* Which one a recorded op is; MIX_PARTS: none, it is replayed as a part of a gap. */
enum mix_part mix_part_of(const char *recorded);

/* Is it an op that a recorder of ours can name, replayed or not: a member of Linux's tables
 * (linux_member.def), or an opcode that is an op by itself (mix_opcode.def)? */
bool mix_op_is_known(const char *recorded);

#endif
