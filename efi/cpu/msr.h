/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers of MSRs that more than one file names.
 *
 * Source: Intel SDM Vol. 4, "Architectural MSRs".
 */
#ifndef MSR_H
#define MSR_H

#define MSR_SYSENTER_ESP	0x175
#define MSR_GS_BASE		0xc0000101
#define MSR_KERNEL_GS_BASE	0xc0000102

#endif
