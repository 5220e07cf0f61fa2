/* SPDX-License-Identifier: GPL-2.0-only */
/* Dispatch modes: how a site reaches its op. */
#ifndef MODE_H
#define MODE_H

#include "paravirt/ops.h"

/* What a mode is held to, see mode.def. */
enum effect { EFFECT_full, EFFECT_weak, EFFECT_nothing };

/**
 * struct mode - one way to reach an op.
 * @name:   mode.def's name.
 * @effect: what the check of a cell holds it to.
 * @pads:   sites have bytes left over.
 * @encode: computes the form of one site, under the contract of the patch hook
 *          (sited_op.h): @buf holds the built bytes.
 */
struct mode {
	const char *name, *what;
	enum effect effect;
	bool pads;
	enum patched (*encode)(const struct backend *b,
			       const struct sited_op *so, uint8_t *buf,
			       unsigned *used);
	/* The bytes of the site's island; NULL: the mode needs none.  Return: how
	 * many, ISLAND_BYTES at most. */
	unsigned (*island)(const struct sited_op *so, uint8_t *buf);
};

enum mode_id {
#define MODE(name, effect, pads, island, what) MODE_##name,
#include "list/mode.def"
#undef MODE
	MODE_COUNT
};

/* Indexed by enum mode_id. */
extern const struct mode modes[MODE_COUNT];

#endif
