/* SPDX-License-Identifier: GPL-2.0-only */
/* The two instruction sets. */
#ifndef ISA_H
#define ISA_H

/* Whose instructions.  An argument, so that one engine serves both. */
enum isa { ISA_IA32, ISA_X86_64, ISA_COUNT };

#endif
