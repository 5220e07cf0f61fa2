/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a module says of itself: the contract between a module's file and the
 * application that loads it.
 *
 * A module has one section .module_info, which holds one struct module_info and
 * nothing else.  It is compiled with the application's own headers: what must be
 * the same in both is said here and compared when it is loaded.
 */
#ifndef MODULE_INFO_H
#define MODULE_INFO_H

#include "paravirt/ops.h"
#include "workload/workload.h"

/* Goes up when the meaning of anything that a module sees changes. */
#define MODULE_VERSION	1

struct module_info {
	uint32_t version;		/* MODULE_VERSION */
	uint32_t ops, conventions;	/* OP_COUNT, CONVENTION_COUNT */
	uint32_t count;			/* of its workloads */
	const char *name;
	const struct workload *workload;	/* @count of them, all of KIND_OP */
	/* Of convention c and workload w: code[c * count + w]. */
	const struct workload_code *code;
};

/* Longest name of a module, and of a workload of one. */
#define MODULE_NAME_MAX		16
#define MODULE_WORKLOAD_MAX	24
/* Workloads of one. */
#define MODULE_WORKLOADS_MAX	8

#endif
