/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers as text, shared by the three faces of a report. */
#ifndef NUMBER_H
#define NUMBER_H

#include <stddef.h>
#include <stdint.h>

/* Millionths as "12.345", with @decimals (0 to 6) of them, rounded. */
const char *micro_text(char *to, size_t room, int64_t micro, unsigned decimals);

/* Thousandths as "12.345"; any of 64 bits. */
const char *milli_text(char *to, size_t room, int64_t milli);

/* Thousandths as a percentage with no more decimals than it takes: "1%", "0.5%". */
#define PERCENT_ROOM	16
const char *percent_text(char to[PERCENT_ROOM], uint32_t permille);

/* Millionths of a TSC tick as millionths of a ns; 0 if @tsc_hz is, the rate is then not
 * known. */
int64_t micro_ns(uint64_t tsc_hz, int64_t micro_ticks);

#endif
