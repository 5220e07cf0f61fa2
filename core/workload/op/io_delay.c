/* SPDX-License-Identifier: GPL-2.0-only */
/* Workload "io_delay": the op that KVM guests leave out. */
#include "workload/workload.h"

WORKLOAD_SOURCE(io_delay,
	io_delay();
)
