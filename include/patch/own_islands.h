/* SPDX-License-Identifier: GPL-2.0-only */
/* Room for the islands of this image's sites (mode.h says which forms have one). */
#ifndef OWN_ISLANDS_H
#define OWN_ISLANDS_H

/* Records there are islands for. */
#define OWN_ISLANDS	3072

#ifndef __ASSEMBLER__

#include <stdint.h>

/* OWN_ISLANDS times ISLAND_BYTES (sited_op.h) in the text itself, INT3s: what is there
 * may be executed. */
extern uint8_t own_islands[];

#endif
#endif
