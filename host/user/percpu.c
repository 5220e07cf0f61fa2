/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The per-CPU segment of a process: %gs, which glibc leaves alone.
 *
 * Source: Linux man-pages, arch_prctl(2).
 */
#define _GNU_SOURCE
#include <asm/prctl.h>
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "paravirt/pv_memory.h"
#include "user.h"

void user_percpu_open(void)
{
	pv_memory_open();
	if (syscall(SYS_arch_prctl, ARCH_SET_GS, &pv_memory))
		die(1, "%gs", "the kernel does not set its base", errno);
}
