# SPDX-License-Identifier: GPL-2.0-only
# kernel_boots.sh: Debian's kernels booted on CPUs with mitigations, and compared; sourced
# by tests.
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../../build/help.sh"; only_sourced "$@"; }

# Models of TCG that have what a model of Intel's needs for IBRS, and with it ITS.
ibrs=max,vendor=GenuineIntel,family=6,model=85,stepping=7,x-force-features=on,+spec-ctrl

# What mitigations make of a text, and how many CPUs; all else every boot does.
of_mitigations='return_thunk return_plain indirect indirect_lfence indirect_its indirect_depth call_depth accounting lock_prefix'

# rewritten_by FILE: those kinds that a comparison counted
rewritten_by()
{
	jq -r --arg kinds "$of_mitigations" '.compared.rewritten as $r | $kinds | split(" ") |
		map(select($r[.].places > 0)) | join(" ")' "$1"
}

# boot_kernel KERNEL CPU SMP APPEND KINDS: 0 unexplained, all sites compared, and these
# kinds
boot_kernel()
{
	local kernel=$1 cpu=$2 smp=$3 append=$4 kinds=$5 status=0 nops='' short try
	local json=out/kernel/$kernel/result.json
	[ "$cpu" != "$ibrs" ] || short='max with IBRS'
	case $kernel-$cpu in
	5.10-*-Conroe|5.10-*-Penryn|5.10-*-Nehalem|5.10-*-Westmere|5.10-*-SandyBridge) nops=k8 ;;
	esac
	# A kernel that could not be had, booted or read (status 2) is tried again, and what was
	# said is shown.  A difference (1) is one.
	for try in 1 2 3; do
		status=0
		host/linux/kernel.sh --cpu "$cpu" --smp "$smp" --append "$append" \
			${nops:+--nops $nops} "$kernel" >"$work/boot" 2>&1 ||
			status=$?
		[ $status -ge 2 ] || break
		echo "# $kernel, $cpu, $smp CPU, try $try: status $status"
		sed 's/^/#   /' "$work/boot" | tail -n 5
	done
	[ $status -lt 2 ] || rm -f "$json"
	is "$status $(rewritten_by "$json" 2>&1) $(jq -r '.compared |
		[.paravirt, .alternatives | .unexplained, .not_in_dump, .not_decided],
		.instructions.unexplained | tostring' "$json" 2>&1 | paste -sd ' ')" \
		"0 $kinds [0,0,0,0,0,0] 0" \
		"$kernel, $cpu, $smp CPU: $append"
	[ $status = 0 ] || sed 's/^/# /' "$work/boot" | tail -n 30
	tried kernel \
		"Debian's $kernel (Linux $(jq -r '.version | split(" ")[2]' \
		"$json")), QEMU's ${short:-$cpu}, $smp CPU${append:+: $append}" \
		"0 unexplained; ${kinds// /, }"
}

# boot_kernels: of lines KERNEL|CPU|SMP|APPEND|KINDS on standard input
boot_kernels()
{
	local kernel cpu smp append kinds
	while IFS='|' read -r kernel cpu smp append kinds; do
		boot_kernel "$kernel" "$cpu" "$smp" "$append" "$kinds" </dev/null
	done
}
