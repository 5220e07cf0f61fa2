/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers of MSRs that more than one file names.
 *
 * Source: Intel SDM Vol. 4, "Architectural MSRs".
 */
#ifndef MSR_H
#define MSR_H

#define MSR_SYSENTER_ESP	0x175
#define MSR_EFER		0xc0000080
#define MSR_STAR		0xc0000081
#define MSR_LSTAR		0xc0000082
#define MSR_FMASK		0xc0000084
#define MSR_FS_BASE		0xc0000100
#define MSR_GS_BASE		0xc0000101
#define MSR_KERNEL_GS_BASE	0xc0000102

#endif
