/* SPDX-License-Identifier: GPL-2.0-only */
/* Other CPUs, their side: a visit, from the firmware and back. */
#ifndef MP_CPU_H
#define MP_CPU_H

/* One CPU's whole visit. */
void mp_visit(void);

#endif
