/* SPDX-License-Identifier: GPL-2.0-only */
/* What cells are held to, see reference.h. */
#include "reference.h"
#include "workload/code_table.h"
#include "workload/registry.h"
#include "workload/table.h"

unsigned workload_first_sited(enum workload_id w)
{
	unsigned c = 0;

	while (c < CONVENTION_COUNT
	       && !(conventions[c].sites && code_of(c, w)->one))
		c++;
	return c;
}

const struct reference *run_reference(const struct run *r, enum workload_id w,
				      enum backend_id b, bool few, struct reference *left)
{
	unsigned convention = workload_first_sited(w);
	const struct held h = { .wl = workload_of(w), .vif = backends[b]->vif, .few = few };
	struct checked c = { .name = "reference", .looks = true };

	if (convention == CONVENTION_COUNT || set_has(&r->no_reference[b], w))
		return NULL;
	c.run = code_of(convention, w)->one;
	return check_reference(r->machine, &h, &c, left) ? left : NULL;
}

struct held cell_promise(const struct cell *c, const struct reference *want)
{
	const bool native = !conventions[c->convention].sites;

	return (struct held){
		.wl = workload_of(c->workload), .vif = backends[c->backend]->vif,
		.effect = modes[c->mode].effect,
		.want = native && !table_op_of(workload_of(c->workload)) ? NULL : want,
		.native = native,
	};
}
