/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IBPB: branch targets learned before it are not used after it.
 *
 * Source: Intel SDM Vol. 4, "IA32_PRED_CMD"; AMD64 APM Vol. 2, "Branch Prediction
 * Control": MSR 49h, write-only, bit 0.
 */
#include "cpu.h"
#include "may_fault.h"
#include "predictors.h"

#define MSR_PRED_CMD	0x49
#define PRED_CMD_IBPB	1

static void ibpb(void *ctx)
{
	(void)ctx;
	cpu_wrmsr(MSR_PRED_CMD, PRED_CMD_IBPB);
}

void (*predictors_flush_of(struct features f))(void *ctx)
{
	if (!has_feature(f, FEATURE_ibpb)
	    || !msr_write(MSR_PRED_CMD, PRED_CMD_IBPB))
		return NULL;
	return ibpb;
}
