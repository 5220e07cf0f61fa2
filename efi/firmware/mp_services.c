/* SPDX-License-Identifier: GPL-2.0-only */
/* The firmware's other CPUs, see mp_services.h. */
#include "firmware.h"
#include "mp_services.h"

/* gnu-efi does not have it. */
struct processor_info {
	UINT64 id;
	UINT32 status;
	UINT32 package, core, thread;
	UINT32 extended[6];		/* later versions fill it */
};
#define PROCESSOR_IS_BSP	(1u << 0)
#define PROCESSOR_ENABLED	(1u << 1)
#define PROCESSOR_HEALTHY	(1u << 2)

struct mp_services {
	EFI_STATUS (EFIAPI *count)(struct mp_services *this, UINTN *all, UINTN *enabled);
	EFI_STATUS (EFIAPI *info)(struct mp_services *this, UINTN number,
				  struct processor_info *info);
	EFI_STATUS (EFIAPI *start_all)(struct mp_services *this, mp_procedure procedure,
				       BOOLEAN one_by_one, EFI_EVENT ended, UINTN us,
				       VOID *arg, UINTN **failed);
	EFI_STATUS (EFIAPI *start_this)(struct mp_services *this, mp_procedure procedure,
					UINTN number, EFI_EVENT ended, UINTN us, VOID *arg,
					BOOLEAN *finished);
	VOID *switch_bsp, *enable_disable;
	EFI_STATUS (EFIAPI *who_am_i)(struct mp_services *this, UINTN *number);
};

static EFI_GUID mp_guid = {
	0x3fdda605, 0xa76e, 0x4f46,
	{ 0xad, 0x29, 0x12, 0xf4, 0x53, 0x1b, 0x3d, 0x08 },
};

static struct mp_services *services;

bool mp_services_there(void)
{
	return services;
}

bool mp_services_count(struct mp_services_cpus *c)
{
	if (!services && firmware.bs->LocateProtocol(&mp_guid, NULL, (void **)&services)
	    != EFI_SUCCESS)
		return false;
	return services->count(services, &c->all, &c->enabled) == EFI_SUCCESS;
}

EFI_STATUS mp_services_start(mp_procedure procedure, EFI_EVENT ended, UINTN us)
{
	return services->start_all(services, procedure, FALSE, ended, us, NULL, NULL);
}

EFI_STATUS mp_services_start_one(mp_procedure procedure, UINTN number, EFI_EVENT ended,
				 VOID *arg)
{
	return services->start_this(services, procedure, number, ended, 0, arg, NULL);
}

bool mp_services_cpu(UINTN number, struct mp_services_cpu *c)
{
	struct processor_info info = { 0 };

	if (!services || services->info(services, number, &info) != EFI_SUCCESS)
		return false;
	*c = (struct mp_services_cpu){
		.id = info.id, .boot = info.status & PROCESSOR_IS_BSP,
		.enabled = info.status & PROCESSOR_ENABLED,
		.healthy = info.status & PROCESSOR_HEALTHY,
	};
	return true;
}

const char *mp_services_check(const struct mp_services_cpus *before)
{
	struct processor_info info = { 0 };
	struct mp_services_cpus now;
	UINTN me;

	if (!mp_services_count(&now)
	    || now.all != before->all || now.enabled != before->enabled)
		return "the firmware counts other CPUs than before";
	if (services->who_am_i(services, &me) != EFI_SUCCESS)
		return "the firmware does not know this CPU";
	for (UINTN i = 0; i < now.all; i++) {
		if (services->info(services, i, &info) != EFI_SUCCESS)
			return "the firmware does not know a CPU";
		if ((info.status & PROCESSOR_ENABLED)
		    && !(info.status & PROCESSOR_HEALTHY))
			return "the firmware does not call a CPU healthy";
		if (!!(info.status & PROCESSOR_IS_BSP) != (i == me))
			return "the firmware has another boot CPU";
	}
	return NULL;
}
