/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers as text, see number.h. */
#include "number.h"
#include "sink.h"

const char *milli_text(char *to, size_t room, int64_t milli, unsigned decimals)
{
	static const unsigned unit[] = { 1000, 100, 10, 1 };
	uint64_t v = milli < 0 ? -(uint64_t)milli : (uint64_t)milli;
	unsigned whole = 1000 / unit[decimals];

	v = (v + unit[decimals] / 2) / unit[decimals];
	if (decimals)
		text_format(to, room, "%s%llu.%0*u", milli < 0 && v ? "-" : "",
			    (unsigned long long)(v / whole), (int)decimals,
			    (unsigned)(v % whole));
	else
		text_format(to, room, "%s%llu", milli < 0 && v ? "-" : "",
			    (unsigned long long)v);
	return to;
}

int64_t milli_ns(const struct environment *env, int64_t milli_ticks)
{
	/* In kHz, so that a million ticks an op still fit. */
	int64_t khz = (int64_t)(env->tsc_hz / 1000);

	return khz ? milli_ticks * 1000000 / khz : 0;
}
