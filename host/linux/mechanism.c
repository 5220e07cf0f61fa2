/* SPDX-License-Identifier: GPL-2.0-only */
/* Words for tables and for what is made of places, see mechanism.h. */
#include "mechanism.h"

const char *const rewrite_names[REWRITE_COUNT] = {
#define REWRITTEN(name, what) #name,
	REWRITES(REWRITTEN)
#undef REWRITTEN
};

const char *const rewrite_what[REWRITE_COUNT] = {
#define REWRITTEN(name, what) what,
	REWRITES(REWRITTEN)
#undef REWRITTEN
};

const char *const table_names[TABLE_COUNT] = {
#define TABLE(name, what) #name,
	TABLES(TABLE)
#undef TABLE
};

const char *const table_what[TABLE_COUNT] = {
#define TABLE(name, what) what,
	TABLES(TABLE)
#undef TABLE
};
