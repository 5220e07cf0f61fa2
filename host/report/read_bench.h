/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading a report's benchmarks. */
#ifndef READ_BENCH_H
#define READ_BENCH_H

#include "report.h"

/* r->bench from r->json, when r->group and r->rules are there. */
bool read_benches(struct report *r, struct complaint *c);

#endif
