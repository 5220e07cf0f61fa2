# SPDX-License-Identifier: GPL-2.0-only
# state.sh: boots of the application in another state of the CPU, see cpu_state.h; sourced by
# tests behind boot.sh and sticks.sh.
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../../build/help.sh"; only_sourced "$@"; }

# in_state NAME ARCH WORDS [run.sh options]: the paths, from the application of $image's stick,
# or of the file $app; the machine is looked at before and after
in_state()
{
	local name=$1 arch=$2 words=$3 stick=$work/$1.img
	shift 3
	echo state >"$work/how"
	echo "$words" >"$work/state"
	printf 'plan=paths exit=return\0' | iconv -t UTF-16LE >"$work/options"
	disk/image.sh "$stick" "out/test/$arch/starter.efi=EFI/BOOT/$(efi_name "$arch")" \
		"$work/how=HOW" "$work/state=STATE" "$work/options=OPTIONS" \
		disk/parapatch.cfg=parapatch.cfg "${app:-out/$arch/parapatch.efi}=EFI/PARAPATCH.EFI"
	built=$image image=$stick
	case " $* " in
	*" --smp "*)	boot "$name" --arch "$arch" --accel tcg "$@" ;;
	*)	boot "$name" --arch "$arch" --icount 7 "$@" ;;
	esac
	image=$built
	rm -f "$stick"
}

# rows NAME [PATH]: "path/convention/mode count" of each cell that is timed, a line each
rows()
{
	of "$1" '.benchmarks[] | select(.role == "cell" and .error_occurred == null) |
		"\(.op)/\(.convention)/\(.mode) \(.instructions)"' | grep -a "^path:${2:-}" | sort
}

# all_paths: by path.def, sorted
all_paths() { sed -n 's/^PATH(\([a-z0-9_]*\),.*/\1/p' include/list/path.def | sort | xargs; }

# paths_of_ring3: those that go there, with "path:" before each
paths_of_ring3()
{
	awk -F ', *' '/^PATH\(/ && $4 != "none" { sub(/^PATH\(/, "", $1); print "path:" $1 }' \
		include/list/path.def | sort | xargs
}

# others NAME: what the starter found to be another behind the application
others() { sed -n 's/^starter: 0x[0-9a-f]* 0x[0-9a-f]* //p' "$work/$1.log" | xargs; }

# as_found ARCH: boots it in the firmware's own state; its rows are what same_in() and faults()
# compare with
as_found()
{
	in_state "found-$1" "$1" same
	is "$status" 0 "$1: paths are complete"
	is "$(rows "found-$1" | sed 's/ .*//')" "$(for row in $(all_paths); do
		for how in ccall/indirect ccall/inline native/native seed/indirect seed/inline; do
			echo "path:$row/$how"
		done
	done)" "$1: each row in each convention and mode"
	# Its TR is null, and LTR refuses null: ring3_loan.h says what it is left with.
	is "$(others "found-$1")" TR "$1: all of the CPU but a TR that was null is as it was"
	is "$(sed -n 's/^starter: 0x\([0-9a-f]*\) .* TR$/\1/p' "$work/found-$1.log")" \
		0000000000000000 "$1: it was null"
}

# same_in ARCH WORDS: the same rows in that state
same_in()
{
	local name="in-$1-${2// /-}" what="$1, ${2// /, }"
	in_state "$name" "$1" "$2"
	is "$status" 0 "$what: paths are complete"
	is "$(rows "$name")" "$(rows "found-$1")" "$what: with the counts that they have without"
	as_it_was "$name" "$2" "$what"
}

# as_it_was NAME WORDS WHAT: was it in that state, and did all of it come back?
as_it_was()
{
	local want=TR
	[[ " $2 " != *" tss "* ]] || want=
	is "$(sed -n 's/^starter: has //p' "$work/$1.log" | sort | xargs)" \
		"$(xargs -n 1 <<<"$2" | sort | xargs)" "$3: the CPU was in that state"
	is "$(others "$1")" "$want" "$3: all of the CPU${want:+ but TR} is as it was"
}

# program ARCH HOW: sets bytes, the first of a program of ring 3, and raised, what they raise:
# the vector and the error code
program()
{
	case $2 in
	ud2)	bytes='\x0f\x0b' raised='6 0' ;;
	cli)	bytes='\xfa' raised='13 0' ;;
	hlt)	bytes='\xf4' raised='13 0' ;;
	# What is before the program's page.
	read)	raised='14 5'
		bytes='\x48\x8d\x05\x00\xf0\xff\xff\x8b\x00'
		[ "$1" = x86_64 ] ||
			bytes='\xe8\x00\x00\x00\x00\x58\x8b\x80\x00\xf0\xff\xff' ;;
	# PUSH, and again: down from the stack to the program.
	push)	bytes='\x50\xeb\xfd' raised='14 7' ;;
	# The stack is executed.
	stack)	bytes='\x6a\x00\xff\xe4' raised='14 21' ;;
	esac
}

# faults ARCH HOW [WORDS]: null_call's program begins so
faults()
{
	local words=${3:-tss}
	local name="fault-$1-$2-${words// /-}" user bytes raised
	local what="$1, a program of ring 3 begins by ${2^^}"
	program "$1" "$2"
	user=$(nm "out/$1/parapatch.elf" | awk '$3 == "wl_native_path_null_call_user" { print $1 }')
	built=$image
	poke_at "$1" "0x$user" "$bytes"
	image=$built
	app=$work/poked.efi in_state "$name" "$1" "$words"
	is "$status" 0 "$what: the run comes to its end"
	is "$(of "$name" '[.benchmarks[] | select(.op == "path:null_call" and .left_out and
		.role == "cell") | "\(.fault.vector) \(.fault.error)"] | unique | join(", ")')" \
		"$raised" "$what: its row is left out, for exception ${raised/ /, error code }"
	has "$work/$name.log" "left out: path:null_call, 5 cells: exception ${raised% *} (" \
		"$what: a line says so"
	is "$(of "$name" '[.benchmarks[] | select(.op == "path:null_call" and .left_out and
		.role == "cell") | .error_message |
		test("\\) at byte 0x[0-9a-f]+ of ring 3.s program")] | all')" true \
		"$what: and the report, where in the program"
	is "$(rows "$name")" "$(rows "found-$1" | grep -v null_call)" \
		"$what: the rows behind it are measured, with the counts that they have without"
	as_it_was "$name" "$words" "$what"
}
