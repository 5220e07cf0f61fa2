#!/bin/bash
# soak/kernels.t: more CPUs and command lines than deep/kernels.t has time for.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/linux/kernel_boots.sh

# Every model by its default: what returns become depends on the CPU alone.
defaults()
{
	local kernel cpu smp=1 kinds
	for kernel in 6.12-cloud 6.1-cloud 5.10-cloud sid-cloud; do
		for cpu in Dhyana Cooperlake Snowridge Denverton Broadwell Haswell \
			Skylake-Client SandyBridge Nehalem; do
			kinds=return_plain
			case $kernel-$cpu in
			*-Dhyana) kinds=return_thunk ;;
			5.10-*) ;;
			*-Cooperlake) kinds='return_thunk return_plain' ;;
			esac
			[ $smp = 2 ] || kinds="$kinds lock_prefix"
			echo "$kernel|$cpu|$smp||$kinds"
			smp=$((3 - smp))
		done
	done
}
boot_kernels < <(defaults)

boot_kernels <<TABLE
6.12-cloud|EPYC|1||return_thunk lock_prefix
6.12-cloud|Skylake-Server|1||return_plain lock_prefix
6.1-cloud|EPYC-Milan|2||return_thunk
6.1-cloud|Icelake-Server|2||return_plain
5.10-cloud|EPYC|1||return_thunk lock_prefix
5.10-cloud|EPYC-Rome|1||return_thunk lock_prefix
5.10-cloud|Cascadelake-Server|1||return_plain lock_prefix
6.12-cloud|EPYC-Milan|2|spec_rstack_overflow=off|return_plain
6.1-cloud|Skylake-Server|1|mitigations=off|return_plain indirect lock_prefix
6.1-cloud|Skylake-Server|2|spectre_v2=retpoline,lfence|return_plain indirect_lfence
sid-cloud|Skylake-Server|2|retbleed=stuff|return_thunk indirect_depth call_depth accounting
6.12-cloud|EPYC-Rome|1|mitigations=auto|return_thunk lock_prefix
6.12-cloud|EPYC-Rome|2|retbleed=off spec_rstack_overflow=off|return_plain
6.12-cloud|EPYC-Rome|1|retbleed=unret|return_thunk lock_prefix
6.12-cloud|EPYC-Rome|2|retbleed=ibpb|return_thunk
6.12-cloud|EPYC-Milan|1|spec_rstack_overflow=ibpb|return_plain lock_prefix
6.12-cloud|EPYC-Milan|1|spec_rstack_overflow=microcode|return_plain lock_prefix
6.12-cloud|EPYC-Milan|2|spec_rstack_overflow=safe-ret pti=on|return_thunk
6.12-cloud|EPYC-Milan|1|spectre_v2=retpoline,generic nosmp|return_thunk lock_prefix
6.12-cloud|EPYC-Rome|2|spectre_v2=retpoline,lfence retbleed=off spec_rstack_overflow=off|return_plain indirect_lfence
6.12-cloud|Skylake-Server|1|retbleed=stuff noreplace-smp|return_thunk indirect_depth call_depth accounting
6.12-cloud|Skylake-Server|2|spectre_v2=eibrs|return_plain
6.12-cloud|Skylake-Server|1|spectre_v2=off indirect_target_selection=force|return_plain indirect lock_prefix
6.12-cloud|Cascadelake-Server|2|indirect_target_selection=off|return_plain
6.12-cloud|Icelake-Server|1|spectre_bhi=on nopti|return_plain lock_prefix
6.12-cloud|$ibrs|2|spectre_v2=ibrs|return_thunk return_plain indirect indirect_its
6.12-cloud|$ibrs|1|spectre_v2=ibrs indirect_target_selection=off|return_plain indirect lock_prefix
6.1-cloud|EPYC-Milan|2|spec_rstack_overflow=off|return_plain
6.1-cloud|EPYC-Milan|1|spec_rstack_overflow=ibpb|return_plain lock_prefix
6.1-cloud|EPYC-Rome|2|mitigations=off|return_plain indirect
6.1-cloud|$ibrs|1|spectre_v2=ibrs indirect_target_selection=force|return_thunk return_plain indirect indirect_its lock_prefix
5.10-cloud|EPYC-Rome|2|retbleed=off|return_thunk
5.10-cloud|Skylake-Server|1|mitigations=off|return_plain indirect lock_prefix
sid-cloud|EPYC-Rome|2|mitigations=off|return_plain indirect
sid-cloud|EPYC-Milan|1|spec_rstack_overflow=ibpb|return_plain lock_prefix
sid-cloud|Icelake-Server|2||return_plain
6.1-686|EPYC-Milan|2||
6.1-686|Skylake-Server|1|mitigations=off|lock_prefix
6.1-amd64|EPYC-Rome|1||return_thunk lock_prefix
6.12-amd64|EPYC-Milan|2||return_thunk
6.12-amd64|Skylake-Server|1|retbleed=stuff|return_thunk indirect_depth call_depth accounting lock_prefix
5.10-amd64|EPYC|2||return_thunk
TABLE
finish
