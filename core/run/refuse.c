/* SPDX-License-Identifier: GPL-2.0-only */
/* Cells that are not timed, see refuse.h. */
#include "lib/mem.h"
#include "refuse.h"

static const struct group *group_of(const struct run *r, const struct result *res)
{
	size_t i = (size_t)(res - r->results);
	const struct group *g = r->group;

	while (i < g->first || i >= g->first + g->count)
		g++;
	return g;
}

/* The cell that is the group's reference, refused or not; NULL: there is none. */
static const struct cell *reference_of(const struct run *r, const struct group *g)
{
	const struct cell *found = NULL;

	for (size_t i = g->first; i < g->first + g->count; i++) {
		const struct cell *c = &r->results[i].cell;

		if (c->role == ROLE_cell && better_reference(c, found))
			found = c;
	}
	return found;
}

/* Is it what the others are compared with, or the same code: its twin? */
static bool is_reference(const struct run *r, const struct group *g, const struct cell *c)
{
	const struct cell *ref = reference_of(r, g);

	return ref && (c->role == ROLE_cell || c->role == ROLE_twin)
		&& c->workload == ref->workload && c->mode == ref->mode
		&& c->convention == ref->convention && c->padding == ref->padding;
}

/* One that an exception ended before keeps that one. */
static void leave_out(struct result *res, const struct result *for_it)
{
	if (res->refused && !res->faulted)
		return;
	if (!res->faulted) {
		memcpy(res->why, for_it->why, sizeof(res->why));
		res->faulted = for_it->faulted;
		res->fault = for_it->fault;
	}
	res->refused = res->left_out = true;
}

void refuse(struct run *r, struct result *res, enum check_end end, const struct fault *f,
	    enum refuse_reach reach)
{
	const struct group *own = group_of(r, res);

	res->refused = end != CHECK_GOOD;
	res->left_out = end == CHECK_NOT_LENT;
	res->faulted = end == CHECK_FAULT;
	if (res->faulted)
		res->fault = *f;
	if ((!res->faulted && !res->left_out) || !is_reference(r, own, &res->cell))
		return;
	for (const struct group *g = r->group; g < r->group + r->plan.groups; g++) {
		bool with = g->workload == own->workload
			&& (res->cell.mode == MODE_native || g->backend == own->backend);

		if (g != own && (!with || reach == REFUSE_GROUP))
			continue;
		for (size_t i = g->first; i < g->first + g->count; i++)
			leave_out(&r->results[i], res);
	}
}
