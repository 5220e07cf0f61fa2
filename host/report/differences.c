/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers that differ from what was stated, see differences.h. */
#include <stdlib.h>
#include <string.h>
#include "differences.h"

/* Two numbers are alike, two words are not. */
static const char *alike(const char *stated)
{
	char *end;

	strtod(stated, &end);
	return *end ? stated : "number";
}

static struct difference *find_kind(struct differences *d, const char *kind)
{
	for (size_t i = 0; i < d->n; i++)
		if (!strcmp(d->of[i].kind, kind))
			return &d->of[i];
	return NULL;
}

static struct difference *add_kind(struct differences *d, const char *kind)
{
	struct difference *f;

	d->of = realloc(d->of, (d->n + 1) * sizeof(*d->of));
	if (!d->of)
		abort();
	f = &d->of[d->n++];
	*f = (struct difference){ .cells = 0 };
	snprintf(f->kind, sizeof(f->kind), "%s", kind);
	return f;
}

void differences_add(struct differences *d, const char *name, const char *key,
		     const char *stated, const char *computed)
{
	struct difference *f;
	char kind[sizeof(f->kind)];

	snprintf(kind, sizeof(kind), "%s %.60s %.60s", key, alike(stated),
		 alike(computed));
	f = find_kind(d, kind);
	if (!f) {
		f = add_kind(d, kind);
		snprintf(f->first, sizeof(f->first),
			 "%s: %s is stated as %s, the raw ticks give %s",
			 name, key, stated, computed);
	}
	f->cells++;
}

void differences_print(struct differences *d, const char *path, FILE *to)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct difference *f = &d->of[i];

		fprintf(to, "%s: %s", path, f->first);
		if (f->cells > 1)
			fprintf(to, "; likewise in %u other cell%s", f->cells - 1,
				f->cells > 2 ? "s" : "");
		fprintf(to, "\n");
	}
	free(d->of);
	*d = (struct differences){ .n = 0 };
}
