/* SPDX-License-Identifier: GPL-2.0-only */
/* What loans know of the machine, see loan_facts.h. */
#include "loan_facts.h"

static struct loan_facts facts;

void loans_know(struct loan_facts f)
{
	facts = f;
}

struct loan_facts loan_facts(void)
{
	return facts;
}
