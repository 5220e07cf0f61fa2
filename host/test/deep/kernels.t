#!/bin/bash
# deep/kernels.t: Debian's kernels as CPUs with mitigations leave them: by a CPU's default,
# then by the command line.  Each kernel, each of six models and each form of code is there;
# more of their pairs are in host/test/soak/kernels.t.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/linux/kernel_boots.sh

# Skylake and Cascadelake by family, model and stepping; the second has ITS.
boot_kernels <<TABLE
6.12-cloud|EPYC-Rome|2||return_thunk
6.12-cloud|EPYC-Milan|1||return_thunk lock_prefix
6.12-cloud|Cascadelake-Server|2||return_thunk return_plain
6.12-cloud|Icelake-Server|1||return_plain lock_prefix
6.1-cloud|EPYC|2||return_thunk
6.1-cloud|EPYC-Rome|1||return_thunk lock_prefix
6.1-cloud|Skylake-Server|2||return_plain
6.1-cloud|Cascadelake-Server|1||return_thunk return_plain lock_prefix
5.10-cloud|EPYC-Milan|2||return_thunk
5.10-cloud|Skylake-Server|1||return_plain lock_prefix
5.10-cloud|Icelake-Server|2||return_plain
6.12-cloud|EPYC-Rome|1|mitigations=off|return_plain indirect lock_prefix
6.12-cloud|Skylake-Server|2|retbleed=stuff|return_thunk indirect_depth call_depth accounting
6.12-cloud|Skylake-Server|1|spectre_v2=retpoline,lfence nopti ibt=off|return_plain indirect_lfence lock_prefix
6.12-cloud|$ibrs|1|spectre_v2=ibrs indirect_target_selection=force noreplace-smp|return_thunk return_plain indirect indirect_its
5.10-cloud|Skylake-Server|1|spectre_v2=off retbleed=off|return_plain indirect lock_prefix
sid-cloud|EPYC-Milan|1||return_thunk lock_prefix
sid-cloud|$ibrs|2|spectre_v2=ibrs indirect_target_selection=force|return_thunk return_plain indirect indirect_its
6.1-686|EPYC-Rome|1||lock_prefix
TABLE
finish
