/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run came to, in a word, see report.h. */
#include "report/report.h"

const char *const report_status_names[] = {
	[REPORT_RUNNING] = "running", [REPORT_FAILED] = "failed",
	[REPORT_CHECK_FAILED] = "check-failed", [REPORT_COMPLETE] = "complete",
};

enum report_status report_status(const struct run *r,
				 const struct findings *found)
{
	if (!r)
		return REPORT_RUNNING;
	if (r->failed)
		return REPORT_FAILED;
	return run_refused(r) || r->differ || run_empty(r) || run_modules_missing(r)
		|| found->ops.failed || found->check_failed
		|| found->torture.failed[0]
		? REPORT_CHECK_FAILED : REPORT_COMPLETE;
}
