/* SPDX-License-Identifier: GPL-2.0-only */
/* What of the lists is tortured, see torture.h. */
#include "lib/sink.h"
#include "run/torture.h"

/* Has it a site, and does that do what is asked: by the op itself, or at all? */
static bool is_tortured(enum mode_id m, bool counted)
{
	if (m == MODE_native)
		return false;
	switch (modes[m].effect) {
	case EFFECT_full:
		return true;
	case EFFECT_weak:
		return !counted;
	case EFFECT_nothing:
		break;
	}
	return false;
}

unsigned torture_modes(bool counted, uint8_t to[MODE_COUNT])
{
	unsigned n = 0;

	for (unsigned m = 0; m < MODE_COUNT; m++)
		if (is_tortured(m, counted))
			to[n++] = (uint8_t)m;
	return n;
}

unsigned torture_paddings(uint8_t to[PADDING_COUNT])
{
	unsigned n = 0;

	for (unsigned p = 0; p < PADDING_COUNT; p++)
		if (paddings[p].timed)
			to[n++] = (uint8_t)p;
	return n;
}

static void add(char *to, size_t room, const char *name)
{
	size_t at = 0;

	while (to[at])
		at++;
	text_format(to + at, room - at, "%s%s", at ? " " : "", name);
}

const char *torture_left_out(char to[TORTURE_LEFT_OUT])
{
	to[0] = '\0';
	for (unsigned m = 0; m < MODE_COUNT; m++)
		if (!is_tortured(m, false))
			add(to, TORTURE_LEFT_OUT, modes[m].name);
	for (unsigned p = 0; p < PADDING_COUNT; p++)
		if (!paddings[p].timed)
			add(to, TORTURE_LEFT_OUT, paddings[p].name);
	return to;
}
