/* SPDX-License-Identifier: GPL-2.0-only */
/* The backend that counts every call, per CPU: in pv_memory's trace of the CPU. */
#ifndef TRACE_CPU_H
#define TRACE_CPU_H

#include "paravirt/ops.h"

extern const struct backend trace_cpu_backend;

#endif
