/* SPDX-License-Identifier: GPL-2.0-only */
/* The paravirt sites, and the ops table that they call through. */
#ifndef PARAS_H
#define PARAS_H

#include "records.h"

/* A step of kernel_read(), behind the alternatives. */
bool paras_read(struct kernel *k, struct refusal *r);

/* The paravirt site at an address, and one that shares a byte with a range; NULL. */
const struct para *para_at(const struct kernel *k, uint64_t addr);
const struct para *para_in(const struct kernel *k, uint64_t addr, uint64_t len);

#endif
