# known.sh: the kernel whose counts are known (known.S), built and recorded; sourced.
# SPDX-License-Identifier: GPL-2.0-only
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../../build/help.sh"; only_sourced "$@"; }

readonly known_from=400000	# .text; .user is below
readonly handlers='interrupt:pit fault:de fault:ud fault:gp call:bp call:soft call:call'

# known_build NAME [OPTION...]: $work/NAME.elf, and $work/NAME.sites, what is where in it
known_build()
{
	local name=$1
	shift
	"${CC:-gcc}" -m32 -march=i686 -nostdlib -static -fno-pic -no-pie -Ihost/mix "$@" \
		-Wl,-Ttext=0x$known_from -Wl,--section-start=.user=0x200000 \
		-Wl,--section-start=.multiboot=0x100000 -Wl,--build-id=none \
		-o "$work/$name.elf" host/test/mix/known.S || return 1
	nm "$work/$name.elf" | awk -v handlers="$handlers" '
		{ at[$3] = $1 }
		END {
			n = split(handlers, h, /[: ]/)
			for (i = 1; i < n; i += 2)
				print "entry", h[i], h[i + 1], at["handle_" h[i + 1]]
			print "site", at["site_disable"], "irq_disable", 2
			print "site", at["site_restore"], "irq_restore", 3
			print "watch returns", at["returns"]
		}' >"$work/$name.sites"
}

# known_record NAME OUT [OPTION...]: record.sh's status; what was said is in $work/OUT.err, what
# the guest said in $work/OUT.said; $qemu_more are more arguments of QEMU.  An instruction is
# 4 ns, whatever else runs here.
qemu_more=()
known_record()
{
	local name=$1 out=$2
	shift 2
	rm -f "$work/$out.said"
	timeout 60 host/mix/record.sh --sites "$work/$name.sites" --out "$work/$out" \
		--name "$name" --kernel $known_from --status 1 "$@" -- \
		-nodefaults -no-user-config -display none -accel tcg -cpu max -m 32 -no-reboot \
		-icount shift=2,sleep=off -kernel "$work/$name.elf" \
		-device isa-debug-exit,iobase=0xf4 -debugcon "file:$work/$out.said" \
		"${qemu_more[@]}" 2>"$work/$out.err"
}
