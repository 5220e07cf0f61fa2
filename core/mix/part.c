/* SPDX-License-Identifier: GPL-2.0-only */
/* The ops that are replayed, see mix_op.def. */
#include "lib/string.h"
#include "mix/part.h"

enum workload_id mix_part_workload(enum mix_part p)
{
	static const enum workload_id by_part[MIX_PARTS] = {
#define MIX_PART(op, shape)	[MIX_PART_##op] = WORKLOAD_##op,
#define MIX_NAME(recorded, op)
#include "list/mix_op.def"
#undef MIX_NAME
#undef MIX_PART
	};

	return by_part[p];
}

enum mix_part mix_part_of(const char *recorded)
{
	static const struct {
		const char *recorded;
		enum mix_part part;
	} names[] = {
#define MIX_PART(op, shape)
#define MIX_NAME(recorded, op)	{ recorded, MIX_PART_##op },
#include "list/mix_op.def"
#undef MIX_NAME
#undef MIX_PART
	};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (string_equal(names[i].recorded, recorded))
			return names[i].part;
	return MIX_PARTS;
}

bool mix_op_is_known(const char *recorded)
{
	static const struct {
		const char *name;
		bool is_op;
	} known[] = {
#define MEMBER(name, any)	{ #name, true },
#include "list/linux_member.def"
#undef MEMBER
#define OPCODE(name, in_pairs)	{ #name, in_pairs },
#include "list/mix_opcode.def"
#undef OPCODE
	};
	unsigned i = 0;

	while (i < sizeof(known) / sizeof(known[0]) && !string_equal(known[i].name, recorded))
		i++;
	return i < sizeof(known) / sizeof(known[0]) && known[i].is_op;
}
