/* SPDX-License-Identifier: GPL-2.0-only */
/* How a report's fields are read: rules.def has the table. */
#ifndef RULES_H
#define RULES_H

enum halves { OF_ANY_CALL, OF_A_LONE_BRANCH };
enum overlap { IS_FASTER, IS_INCONCLUSIVE };
enum margins { OF_THE_TWIN, OF_PRECISION };

struct rules {
	const char *schema;
	const char *versions;	/* those it is for, blanks between them; "": all others */
	enum halves halves;
	enum overlap overlap;
	enum margins margins;
};

/**
 * rules_for - the line for a report.
 * @schema:  as in the report.
 * @version: likewise, as `git describe --always --dirty` has it: a commit, maybe with
 *	"TAG-N-g" before it and "-dirty" behind it.  One that is in no list is new.
 *
 * Return: NULL if no line has that schema.
 */
const struct rules *rules_for(const char *schema, const char *version);

/* The last schema there is. */
const char *rules_last_schema(void);

#endif
