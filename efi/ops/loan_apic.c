/* SPDX-License-Identifier: GPL-2.0-only */
/* Loans: the local APIC, in the mode in which the window found it. */
#include "cpu/apic.h"
#include "loan_one.h"

static const char *apic_lend(struct work *w, enum apic_reg reg)
{
	if (!apic_is_in_use())
		return "no local APIC is in use";
	native_env.x2apic = apic_is_x2();
	native_env.apic = apic_is_x2() ? NULL : (volatile uint8_t *)apic_register(0);
	w->arg[0] = reg;
	return NULL;
}

LEND(apic_version)
{
	return apic_lend(w, APIC_VERSION);
}

/* The value that it has. */
LEND(apic_priority)
{
	const char *why = apic_lend(w, APIC_TPR);

	if (!why)
		w->arg[1] = apic_get(APIC_TPR);
	return why;
}
