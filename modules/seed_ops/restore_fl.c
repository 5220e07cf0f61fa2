/* SPDX-License-Identifier: GPL-2.0-only */
/* The application's own, compiled into a module. */
#include "../../core/workload/op/restore_fl.c"
