/* SPDX-License-Identifier: GPL-2.0-only */
/* Exceptions in words, see fault.h. */
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

const char *fault_text(char *to, size_t room, const struct fault *f,
		       const struct fault_code *code)
{
	const char *m = fault_mnemonic(f->vector);
	unsigned long long at = f->at;

	if (f->at >= code->begin && f->at < code->end)
		text_format(to, room, "exception %u (%s) at byte 0x%x of %s (0x%llx)",
			    f->vector, m, (unsigned)(f->at - code->begin), code->name, at);
	else
		text_format(to, room, "exception %u (%s) in %s, at 0x%llx", f->vector, m,
			    code->name, at);
	return to;
}
