/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a native op goes on that faults, see fixup.h. */
#include "paravirt/fixup.h"
#include "paravirt/msr_safe.h"

#define VECTOR_GP	13

uintptr_t native_lands(unsigned vector, uintptr_t ip)
{
	const struct native_fixup *f = native_fixups;

	for (; vector == VECTOR_GP && f < native_fixups_end; f++)
		if ((uintptr_t)&f->at + (uintptr_t)f->at == ip)
			return (uintptr_t)&f->landing + (uintptr_t)f->landing;
	return 0;
}
