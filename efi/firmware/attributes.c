/* SPDX-License-Identifier: GPL-2.0-only */
/* The firmware's protection of pages, see attributes.h. */
#include "attributes.h"
#include "cpu/cpu.h"
#include "firmware.h"

static struct attribute_protocol *protocol(void)
{
	static EFI_GUID guid = ATTRIBUTE_PROTOCOL_GUID;
	static struct attribute_protocol *found;
	void *p;

	if (!found && firmware.bs->LocateProtocol(&guid, NULL, &p) == EFI_SUCCESS)
		found = p;
	return found;
}

bool attributes_there(void)
{
	return protocol();
}

bool attributes_get(uint64_t at, uint64_t len, uint64_t *attributes)
{
	unsigned long flags = cpu_flags();
	UINT64 a = 0;
	bool ok = protocol()->get(protocol(), at, len, &a) == EFI_SUCCESS;

	cpu_set_if(flags & FLAGS_IF);
	*attributes = a;
	return ok;
}

bool attributes_set(uint64_t at, uint64_t len, uint64_t attributes)
{
	unsigned long flags = cpu_flags();
	bool ok = !attributes
		|| protocol()->set(protocol(), at, len, attributes) == EFI_SUCCESS;

	cpu_set_if(flags & FLAGS_IF);
	return ok;
}

bool attributes_clear(uint64_t at, uint64_t len, uint64_t attributes)
{
	unsigned long flags = cpu_flags();
	bool ok = !attributes
		|| protocol()->clear(protocol(), at, len, attributes) == EFI_SUCCESS;

	cpu_set_if(flags & FLAGS_IF);
	return ok;
}
