/* SPDX-License-Identifier: GPL-2.0-only */
/* Workload "empty": nothing; what is left is the harness and the filler. */
#include "arch.h"
#include "workload/workload.h"

WORKLOAD_PLAIN(empty, )
