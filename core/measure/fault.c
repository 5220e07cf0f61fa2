/* SPDX-License-Identifier: GPL-2.0-only */
/* Exceptions in words, see fault.h. */
#include "kernel/state.h"
#include "lib/sink.h"
#include "measure/fault.h"

static const char *const mnemonics[] = {
#define EXCEPTION(vector, mnemonic) [vector] = mnemonic,
#include "list/exception.def"
#undef EXCEPTION
};

const char *fault_mnemonic(unsigned vector)
{
	const char *m = NULL;

	if (vector < sizeof(mnemonics) / sizeof(mnemonics[0]))
		m = mnemonics[vector];
	return m ? m : "-";
}

#define PROGRAM_BYTES	4096		/* a page */

/* A program of ring 3 that a path has just run, if the exception is of one; else @code. */
static struct fault_code code_at(uint64_t at, const struct fault_code *code)
{
	const struct kernel_ring3 *r = &kernel_left()->ring3;

	if (r->ip && at >= r->ip && at - r->ip < PROGRAM_BYTES)
		return (struct fault_code){ "ring 3's program", r->ip, r->ip + PROGRAM_BYTES };
	if (r->other_ip && at >= r->other_ip && at - r->other_ip < PROGRAM_BYTES)
		return (struct fault_code){ "ring 3's second program", r->other_ip,
					    r->other_ip + PROGRAM_BYTES };
	return *code;
}

const char *fault_text(char *to, size_t room, const struct fault *f,
		       const struct fault_code *run)
{
	const struct fault_code code = code_at(f->at, run);
	const char *m = fault_mnemonic(f->vector);
	unsigned long long at = f->at;

	if (f->at >= code.begin && f->at < code.end)
		text_format(to, room, "exception %u (%s) at byte 0x%x of %s (0x%llx)",
			    f->vector, m, (unsigned)(f->at - code.begin), code.name, at);
	else
		text_format(to, room, "exception %u (%s) in %s, at 0x%llx", f->vector, m,
			    code.name, at);
	return to;
}
