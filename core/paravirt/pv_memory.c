/* SPDX-License-Identifier: GPL-2.0-only */
/* The memory that backends share with a hypervisor, see pv_memory.h. */
#include "lib/mem.h"
#include "paravirt/pv_memory.h"

struct pv_memory pv_memory;

#define AT(member, offset)						\
	_Static_assert(offsetof(struct pv_memory, member) == offset,	\
		       "assembly has this offset as a number")

AT(cpu_number, PV_CPU_NUMBER);
AT(entry, PV_ENTRY);
AT(entry.user_sp, PV_USER_SP);
AT(entry.kernel_sp, PV_KERNEL_SP);
AT(entry.kernel, PV_KERNEL);
AT(entry.user_cs, PV_USER_CS);
AT(entry.user_ss, PV_USER_SS);
AT(vcpu, PV_VCPU);
AT(vcpu.evtchn_upcall_pending, PV_VCPU + PV_VCPU_PENDING);
AT(vcpu.evtchn_upcall_mask, PV_VCPU + PV_VCPU_MASK);
AT(pvcs, PV_PVCS);
AT(lguest.irq_enabled, PV_LGUEST + PV_LGUEST_ENABLED);
AT(lguest.irq_pending, PV_LGUEST + PV_LGUEST_PENDING);
AT(delivered, PV_DELIVERED);
AT(shared, PV_SHARED);
AT(trace, PV_TRACE);
AT(shared_info, PV_SHARED_INFO);

_Static_assert(sizeof(struct pv_vcpu_info) == 1 << PV_VCPU_SHIFT,
	       "assembly shifts a CPU's number by it");
_Static_assert(offsetof(struct thread_info, cpu) == TI_CPU,
	       "assembly has this offset as a number");
_Static_assert(!(THREAD_SIZE & (THREAD_SIZE - 1)), "it is a mask");

void pv_memory_open(void)
{
	memset(&pv_memory, 0, sizeof(pv_memory));
	pv_memory.shared = &pv_memory.shared_info;
}

/* The image is only aligned to pages: somewhere in twice the size is a piece that
 * is aligned to its own. */
static uint8_t thread_memory[2 * THREAD_SIZE];

void *thread_stack_top(void)
{
	uintptr_t bottom = ((uintptr_t)thread_memory + THREAD_SIZE - 1)
		& -(uintptr_t)THREAD_SIZE;

	((struct thread_info *)bottom)->cpu = 0;
	return (void *)(bottom + THREAD_SIZE);
}
