/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers, see registers.h. */
#include "site/registers.h"

const char *register_name(enum isa isa, unsigned reg)
{
	static const char *const names[REGISTERS] = {
		"RAX", "RCX", "RDX", "RBX", "RSP", "RBP", "RSI", "RDI",
		"R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15",
	};
	static const char *const names_ia32[REGISTERS / 2] = {
		"EAX", "ECX", "EDX", "EBX", "ESP", "EBP", "ESI", "EDI",
	};

	return isa == ISA_X86_64 ? names[reg] : names_ia32[reg];
}
