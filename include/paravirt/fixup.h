/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a native op goes on whose instruction faults: read_msr_safe, write_msr_safe.
 *
 * Core takes no exception.  Whoever does (the guard, the other CPUs' entries, a process
 * with a handler for SIGSEGV) asks here, and goes on at the landing, with the registers
 * and the stack as they were.  Source: Linux, arch/x86/mm/extable.c: its exception table.
 */
#ifndef FIXUP_H
#define FIXUP_H

#include <stdint.h>

/**
 * native_lands - where an exception at an instruction goes on.
 * @vector, @ip: of the exception.
 *
 * Return: 0: it is none of those, or may not fault by that vector (it may by #GP alone).
 */
uintptr_t native_lands(unsigned vector, uintptr_t ip);

#endif
