/* SPDX-License-Identifier: GPL-2.0-only */
/* docs/ops.md has a row for every line of table.def, and no others: its op, hazard, need,
 * place and state.  With an argument it prints the rows as they must be. */
#include <string.h>
#include "machine/feature.h"
#include "tap.h"
#include "workload/table.h"

enum { LINE = 400, LINES = 2000 };

static char page[LINES][LINE];
static unsigned lines;

static void row_of(char *to, const struct table_op *op)
{
	snprintf(to, LINE, "| `%s` | %s | %s | %s | %s |", workloads[op->workload].name,
		 hazards[op->hazard].name,
		 op->need == FEATURE_COUNT ? "-" : feature_names[op->need],
		 where_names[op->where], op->state);
}

static bool read_page(void)
{
	FILE *f = fopen("docs/ops.md", "r");

	while (f && lines < LINES && fgets(page[lines], LINE, f))
		page[lines][strcspn(page[lines], "\n")] = '\0', lines++;
	return f && !fclose(f);
}

static unsigned times(const char *row)
{
	unsigned n = 0;

	for (unsigned i = 0; i < lines; i++)
		n += !strcmp(page[i], row);
	return n;
}

/* Rows of the table that stands between the two comments. */
static unsigned rows(void)
{
	unsigned n = 0;
	bool in = false;

	for (unsigned i = 0; i < lines; i++) {
		if (!strncmp(page[i], "<!-- ", 5))
			in = !strcmp(page[i], "<!-- include/list/table.def -->");
		n += in && !strncmp(page[i], "| `", 3);
	}
	return n;
}

int main(int argc, char **argv)
{
	char row[LINE];

	(void)argv;
	if (argc > 1) {
		for (unsigned i = 0; i < TABLE_ROWS; i++) {
			row_of(row, &table_ops[i]);
			printf("%s\n", row);
		}
		return 0;
	}
	ok(read_page(), "docs/ops.md is there");
	for (unsigned i = 0; i < TABLE_ROWS; i++) {
		row_of(row, &table_ops[i]);
		ok(times(row) == 1, "%s", row);
	}
	ok(rows() == TABLE_ROWS, "as many rows as table.def has lines: %u of %u", rows(),
	   TABLE_ROWS);
	return done();
}
