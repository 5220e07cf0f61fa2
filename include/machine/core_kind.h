/* SPDX-License-Identifier: GPL-2.0-only */
/* Of what kind is a core: built to be quick, or to be small? */
#ifndef CORE_KIND_H
#define CORE_KIND_H

#include "machine/cpuid.h"

enum core_kind {
#define CORE_KIND(name, what) CORE_##name,
#include "list/core_kind.def"
	CORE_KIND_COUNT
};
extern const char *const core_kind_names[CORE_KIND_COUNT];

/**
 * core_kind - the kind of the core that CPUID was asked on.
 *
 * What the core says of itself is taken first: on Intel leaf 1Ah, on AMD leaf 80000026h
 * where that says that not all cores are of one kind.  Then its model: of those that do
 * not say, every one that is not in list/core_kind.def and is of Intel's family 6, or of
 * AMD's or Hygon's Zen, is built to be quick.
 *
 * Under a hypervisor it is the hypervisor's word, and may be that of another core: a
 * virtual CPU need not stay on one.
 *
 * Source: Intel SDM Vol. 2A, "CPUID--CPU Identification", leaf 1Ah "Native Model ID
 * Enumeration", EAX[31:24]; AMD64 APM Vol. 3, "Function 8000_0026--Extended CPU Topology",
 * EAX[30] HeterogeneousCores, EBX[31:28] CoreType.
 */
enum core_kind core_kind(const struct cpuid *c);

#endif
