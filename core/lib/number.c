/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers as text, see number.h. */
#include "lib/number.h"
#include "lib/sink.h"

const char *micro_text(char *to, size_t room, int64_t micro, unsigned decimals)
{
	static const uint32_t unit[] = { 1000000, 100000, 10000, 1000, 100, 10, 1 };
	uint64_t v = micro < 0 ? -(uint64_t)micro : (uint64_t)micro;
	uint32_t whole = 1000000 / unit[decimals];

	v = (v + unit[decimals] / 2) / unit[decimals];
	if (decimals)
		text_format(to, room, "%s%llu.%0*u", micro < 0 && v ? "-" : "",
			    (unsigned long long)(v / whole), (int)decimals,
			    (unsigned)(v % whole));
	else
		text_format(to, room, "%s%llu", micro < 0 && v ? "-" : "",
			    (unsigned long long)v);
	return to;
}

const char *milli_text(char *to, size_t room, int64_t milli)
{
	uint64_t v = milli < 0 ? -(uint64_t)milli : (uint64_t)milli;

	text_format(to, room, "%s%llu.%03u", milli < 0 ? "-" : "",
		    (unsigned long long)(v / 1000), (unsigned)(v % 1000));
	return to;
}

const char *percent_text(char to[PERCENT_ROOM], uint32_t permille)
{
	text_format(to, PERCENT_ROOM, permille % 10 ? "%u.%u%%" : "%u%%",
		    (unsigned)permille / 10, (unsigned)permille % 10);
	return to;
}

int64_t micro_ns(uint64_t tsc_hz, int64_t micro_ticks)
{
	int64_t khz = (int64_t)(tsc_hz / 1000);

	/* In two steps, so that a million ticks an op still fit. */
	return khz ? micro_ticks / khz * 1000000
		+ micro_ticks % khz * 1000000 / khz : 0;
}
