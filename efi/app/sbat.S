/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The section .sbat, by which shim can refuse a generation of an application
 * that was found to be unsafe.  The second number of a line is that generation:
 * it goes up when a hole in Secure Boot is closed, not with the version, so that
 * the same source makes the same bytes.
 *
 * Source: shim, SBAT.md, "Generation-Based Revocation Overview".
 */
	.section .sbat, "a", @progbits
	.ascii	"sbat,1,SBAT Version,sbat,1,https://github.com/rhboot/shim/blob/main/SBAT.md\n"
	.ascii	"parapatch,1,parapatch,parapatch,1,-\n"

	.section .note.GNU-stack, "", @progbits
