/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The states that there are, see state.def: what the CPU is like before a pass, warm or
 * with something forgotten.
 */
#ifndef STATE_H
#define STATE_H

#include <stdint.h>
#include "measure/subject.h"

enum state_id {
#define STATE(name, once, what) STATE_##name,
#include "list/state.def"
#undef STATE
	STATE_COUNT
};

/* Indexed by enum state_id. */
extern const struct state states[STATE_COUNT];

/* Bytes of code that state_code() makes: jumps of 16 bytes.  On Zen 5 half as
 * many were forgotten by some of a predictor only, twice as many made no
 * difference. */
#define STATE_CODE_BYTES	(65536 * 16)

/**
 * state_code - the code that states cold_* run: jumps, each to the next.
 * @to: STATE_CODE_BYTES, not yet executable.
 */
void state_code(uint8_t *to);
/* Where it runs.  Before the first cold state is entered. */
void state_code_at(void (*run)(void));

#endif
