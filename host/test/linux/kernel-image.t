#!/bin/bash
# kernel-image.t: parapatch-image on tiny kernels of every era's records, whole and
# broken.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/linux/kernel_images.sh
tool=out/test/parapatch-image
k=$work/k
mkdir "$k"
kernel_make "$k"
ok $? "images of six eras are assembled and linked"

# read IMAGE [options]: every site as "record address op length patched outcome"
read_image()
{
	local image=$1
	shift
	"$tool" --json --sites "$@" "$image" 2>&1 | jq -r '.sites[] |
		"\(.record) \(.address) \(.op) \(.len) \(.patched) \(.outcome)"'
}

# layout IMAGE: what was recognised
layout()
{
	"$tool" --json "$1" | jq -r '"\(.isa) \(.records)x\(.record_bytes) \(.section
		) \(.rule) \(.alternative_records) \(.alternative_layout)"'
}

# other ERA SED-SCRIPT: that image from another source, in $work/other
other()
{
	local bits=64
	case $1 in seed|2_6_20|*i386) bits=32 ;; esac
	sed "$2" "$k/$1.s" >"$work/other.s"
	cmp -s "$work/other.s" "$k/$1.s" && echo "# $1: '$2' changes nothing"
	rm -f "$work/other"
	kernel_link $bits "$work/other.s" "$work/other"
}

# Every record of every era, and what its kernel would leave; written by hand.
is "$(layout "$k/seed")" 'i386 5x8 .parainstructions table 0 ' \
	"2006: records of 6 bytes, 8 from one to the next"
is "$(read_image "$k/seed")" \
'0 0xc1000001 irq_disable 12 fa908db426000000008d7600 inline
1 0xc100000d irq_enable 12 fb908db426000000008d7600 inline
2 0xc100001a restore_flags 12 509d908db4260000000089f6 inline
3 0xc1000026 irq_disable 12 fa908db426000000008d7600 inline
4 0xc1000032 save_flags 12 9c58908db4260000000089f6 inline' \
	"2006: all of them, the short last one too"

is "$(layout "$k/2_6_20")" 'i386 5x8 .parainstructions table 1 pointers' \
	"2.6.20: records of 8 bytes, alternatives by pointers"
is "$(read_image "$k/2_6_20")" \
'0 0xc1000001 irq_disable 10 fa908db4260000000090 inline
1 0xc100000b irq_enable 11 fb908db4260000000089f6 inline
2 0xc1000016 save_flags 10 9c58908db42600000000 inline
3 0xc1000020 interrupt_return 7 cf8db600000000 inline
4 0xc1000027 sti_sysexit 6 fb0f358d7600 inline' \
	"2.6.20: calls, calls by CS, and jumps"

is "$(layout "$k/5")" 'x86_64 5x16 .parainstructions table 1 padlen' \
	"2.6.24 to 5.10: 16 bytes, the last record 12; alternatives of 13"
is "$(read_image "$k/5" | cut -d' ' -f1,3,4)" '0 #34 7
1 #36 7
2 #37 7
3 #34 7
4 #31 7' "2.6.24 to 5.10: all read; absolute calls and a jump"
"$tool" "$k/5" >"$work/5.out"
has "$work/5.out" 'not patched: the order of this kernel'"'"'s ops is not known' \
	"an order that nobody knows is not patched by a guess"
"$tool" --apply "$work/5.elf" "$k/5" 2>"$work/5.err"
is "$? $(test -e "$work/5.elf" && echo written)" '2 ' "nor written, if that is asked for"

# shellcheck disable=SC2046
kernel_table table $(ops_of 5.10-4) >"$k/5_10.s"
kernel_link 64 "$k/5_10.s" "$k/5_10"
is "$(layout "$k/5_10")" 'x86_64 85x16 .parainstructions table 0 ' "5.10: 85 ops"
"$tool" --json --sites "$k/5_10" | jq -r '.sites[] | select(.op | IN("save_fl", "restore_fl",
	"irq_disable", "irq_enable", "read_cr2", "read_cr3", "write_cr3", "wbinvd", "read_msr",
	"exit_mmap", "pte_val", "queued_spin_unlock", "vcpu_is_preempted")) |
	"\(.op) \(.len) \(.patched | if startswith("e8") then "call" else . end) \(.outcome)"' \
		>"$work/5_10"
is "$(cat "$work/5_10")" \
'wbinvd 7 0f090f1f440000 inline
read_msr 7 call direct-call
save_fl 7 9c580f1f440000 inline
restore_fl 7 579d0f1f440000 inline
irq_disable 7 fa660f1f440000 inline
irq_enable 7 fb660f1f440000 inline
exit_mmap 7 0f1f8000000000 inline
read_cr2 7 0f20d00f1f4000 inline
read_cr3 7 0f20d80f1f4000 inline
write_cr3 7 0f22df0f1f4000 inline
pte_val 7 4889f80f1f4000 inline
queued_spin_unlock 7 c607000f1f4000 inline
vcpu_is_preempted 7 31c00f1f440000 inline' \
	"5.10: the table's forms, calls, nothing, and the argument"
is "$("$tool" --json --sites --nops k8 "$k/5_10" | jq -r '.sites[] |
	select(.op == "save_fl" or .op == "irq_disable").patched' | paste -sd ' ')" \
	'9c586666906690 fa666690666690' "5.10: NOPs of K8"
# shellcheck disable=SC2046
kernel_table table $(ops_of 5.10-4 | sed 's/irq_disable/irq_disable=store_tr/') >"$k/changed.s"
kernel_link 64 "$k/changed.s" "$work/other"
is "$("$tool" --json "$work/other" | jq -r .not_applied)" \
	"the order of this kernel's ops is not known, and so not which forms it has" \
	"a kernel whose irq_disable does something else is not patched by a table"

is "$(layout "$k/6_1")" 'x86_64 8x16 .parainstructions pointer 4 offsets' \
	"6.1: 16 bytes, all as long; alternatives of 12"
is "$(read_image "$k/6_1")" \
'0 0xffffffff8100000a #0 6 9c580f1f4000 direct-call
1 0xffffffff81000010 #1 6 fa0f1f440000 direct-call
2 0xffffffff81000016 #2 6 660f1f440000 inline
3 0xffffffff8100001c #3 6 660f1f440000 inline
4 0xffffffff81000022 #4 6 0f0b0f1f4000 ud2
5 0xffffffff81000028 #0 6 9c580f1f4000 direct-call
6 0xffffffff8100002e #2 6 660f1f440000 inline
7 0xffffffff81000034 #5 6 e8ccffffff90 direct-call' \
	"6.1: calls, nothing, UD2, and alternatives over what the engine made"

is "$("$tool" --json "$k/6_1" | jq -c '.outcomes | [.inline, .ud2, .["direct-call"]]')
$("$tool" "$k/6_1" | sed -n 's/^patched .*sites: //p')" \
	"[3,1,4]
inline 3 direct-call 4 ud2 1" "6.1: UD2 for an empty slot is not counted as an inline form"

is "$(layout "$k/6_12")" 'x86_64 4x14 .altinstructions direct-call 6 flags' \
	"6.12: calls are alternatives, of 14 bytes"
is "$(read_image "$k/6_12")" \
'0 0xffffffff8100000e #0 6 9c580f1f4000 direct-call
2 0xffffffff81000014 #1 6 660f1f440000 inline
3 0xffffffff8100001a #2 6 e8e1ffffff90 direct-call
4 0xffffffff81000020 #1 6 660f1f440000 inline' \
	"6.12: an empty slot calls what the replacement calls"
is "$("$tool" --sites "$k/6_12" | awk '$1 == "alternative" && $4 == 14 { print $6 }')" \
	ebd8cccccc2e0f1f840000000000 "6.12: a jump is made short, NOPs are joined"

is "$(layout "$k/6_1_i386")" 'i386 3x8 .parainstructions pointer 1 offsets' \
	"6.1 on i386: 8 bytes"
is "$(read_image "$k/6_1_i386")" \
'0 0xc1000003 #0 6 e8f8ffffff90 direct-call
1 0xc1000009 #1 6 8db600000000 inline
2 0xc100000f vcpu_is_preempted 6 31c08d742600 direct-call' "6.1 on i386: its NOPs"

# The same from a bzImage, whatever it is packed with.
for how in 'gzip -nc' 'xz --check=crc32 -c' 'lzma -c' 'bzip2 -c' 'zstd -qc' 'lz4 -lqc'; do
	$how "$k/6_12" >"$work/payload"
	# The kernel's build adds the length, to all but gzip.
	[ "${how%% *}" = gzip ] || perl -e 'print pack "V", -s shift' "$k/6_12" >>"$work/payload"
	kernel_bzimage "$work/payload" "$work/bz"
	is "$(read_image "$work/bz")" "$(read_image "$k/6_12")" "a bzImage packed by ${how%% *}"
done

# --apply writes what --sites says, and nothing else.
"$tool" --apply "$work/applied" "$k/6_1" >/dev/null
is "$(cmp -l "$k/6_1" "$work/applied" | wc -l)" \
	"$("$tool" --json --sites "$k/6_1" | jq -r '.sites[] | .built, .patched' |
		paste - - | perl -ne '($a, $b) = map { [ /../g ] } split;
			$n += grep { $a->[$_] ne $b->[$_] } 0 .. $#$a; END { print $n }')" \
	"as many bytes differ in the file as at the sites"

# OUT is written when all else is done, and never over what was read.
mkdir "$work/outs"
cp "$k/6_1" "$work/outs/k"
ln "$work/outs/k" "$work/outs/hard"
ln -s k "$work/outs/soft"
ln -s nowhere "$work/outs/dangling"
echo old >"$work/outs/old"
mkdir "$work/outs/dir"
cp "$k/6_1" "$work/outs/"$'k\xff'
before=$(cd "$work/outs" && find . -printf '%p %i %s\n' | sort; cksum <"$k/6_1")
# not_written WHAT WHY ARGUMENTS...: exit status 2, why, and all files are what they were
not_written()
{
	local what=$1 why=$2 status=0
	shift 2
	(cd "$work/outs" && "$OLDPWD/$tool" "$@") >"${to:-$work/out}" 2>"$work/err" || status=$?
	is "$status $(grep -cE -- "$why" "$work/err") $(wc -l <"$work/err")
$(cd "$work/outs" && find . -printf '%p %i %s\n' | sort; cksum <k)" "2 1 1
$before" "$what"
}
read_too=': not written: it is a file that was read$'
not_written "OUT is FILE" "^parapatch-image: k$read_too" --apply k k
not_written "OUT is a hard link to FILE" "$read_too" --apply hard k
not_written "OUT is a symbolic link to FILE" "$read_too" --apply soft k
not_written "FILE is a symbolic link to OUT" "$read_too" --apply k soft
not_written "OUT is a device" 'not written: it is there and is no regular file' --apply /dev/null k
not_written "OUT is a directory" 'not written: it is there and is no regular file' --apply dir k
not_written "OUT is a link to nowhere" 'dangling: No such file' --apply dangling k
not_written "OUT is in no directory" 'none/out: cannot be written: No such file' --apply none/out k
not_written "JSON cannot have the name: no new OUT" 'the name is no UTF-8' \
	--json --apply new $'k\xff'
not_written "nor is an old one replaced" 'the name is no UTF-8' --json --apply old $'k\xff'
for as in --sites --json; do
	to=/dev/full not_written "what is printed has no room ($as): no OUT" \
		'k: standard output: cannot be written$' $as --apply new k
done
chmod 640 "$work/outs/old"
"$tool" --apply "$work/outs/old" "$k/6_1" >/dev/null
is "$? $(stat -c %a "$work/outs/old") $(cksum <"$work/outs/old")" \
	"0 640 $(cksum <"$work/applied")" \
	"an old OUT is replaced, and who may read it stays"
(umask 027; "$tool" --apply "$work/outs/new" "$k/6_1" >/dev/null)
is "$(stat -c %a "$work/outs/new") $(cksum <"$work/outs/new")" "640 $(cksum <"$work/applied")" \
	"a new one has the rights that files have"
rm -rf "$work/outs"

# What cannot be used is refused whole: one line that names the file and what is wrong;
# nothing on standard output, nothing written, the file as it was.
# refused IMAGE REGEX WHAT [options]
refused()
{
	local image=$1 regex=$2 what=$3 status=0 before
	shift 3
	before=$(cksum "$image" 2>/dev/null)
	rm -f "$work/written"
	"$tool" "$@" --apply "$work/written" "$image" >"$work/out" 2>"$work/err" || status=$?
	if [ $status = 2 ] && [ ! -s "$work/out" ] && [ ! -e "$work/written" ] &&
	   [ "$(wc -l <"$work/err")" = 1 ] && [ "$before" = "$(cksum "$image" 2>/dev/null)" ] &&
	   grep -qE -- "^parapatch-image: $image: .*$regex" "$work/err"; then
		ok 0 "$what"
	else
		ok 1 "$what"
		{ echo "status $status"; cat "$work/err"; head -n 3 "$work/out"; } | sed 's/^/#   /'
	fi
}

# set_header IMAGE SECTION OFFSET VALUE: 8 bytes of an ELF64 section header
set_header()
{
	perl -e '
		my ($file, $name, $offset, $value) = @ARGV;
		open(my $f, "+<:raw", $file) or die; local $/; my $b = <$f>;
		my ($shoff) = unpack "Q<", substr $b, 0x28, 8;
		my ($n, $str) = unpack "vv", substr $b, 0x3c, 4;
		my $at = sub { $shoff + 64 * shift };
		my ($names) = unpack "Q<", substr $b, $at->($str) + 24, 8;
		for my $i (0 .. $n - 1) {
			my ($s) = unpack "V", substr $b, $at->($i), 4;
			next if unpack("Z*", substr $b, $names + $s) ne $name;
			seek $f, $at->($i) + $offset, 0; print $f pack "Q<", oct $value; exit 0;
		}
		exit 1' "$@" || echo "# no section $2"
}

: >"$work/empty"
refused "$work/empty" 'not a kernel image: an empty file$' "an empty file"
refused Makefile 'not a kernel image: a text file$' "a text file"
refused /bin/true 'not a kernel image: an ELF file, but a shared library or a program$' "a program"
# machine IMAGE NUMBER: another one, in a copy
machine() { cp "$1" "$work/machine"; printf '%b' "\\x$2" | dd of="$work/machine" bs=1 seek=18 \
	conv=notrunc 2>/dev/null; }
machine "$k/6_1" 03
refused "$work/machine" \
	'not a kernel image: an ELF64 file of type 2, machine 3, .* i386 \(ELF32, 2, 3\)' \
	"machine of i386 and 64 bits"
machine "$k/6_1_i386" 3e
refused "$work/machine" 'not a kernel image: an ELF32 file of type 2, machine 62, ' \
	"machine of x86-64 and 32 bits"
refused "$work/nothing" 'No such file or directory$' "no file"
refused "$work" 'Is a directory$' "a directory"
head -c 600 "$k/6_1" >"$work/cut"
refused "$work/cut" 'not a kernel image: ' "an ELF file cut short"
other 6_1 '/pushsection \.\(para\|alt\)inst/s/\.\(para\|alt\)inst/.other_inst/'
refused "$work/other" 'not a kernel with sites to patch: neither' "an ELF file without records"

record='record 8, site at'
add() { other 6_1 "/thunk:/i .pushsection .parainstructions, \"a\"\n$1\n.popsection"; }
add '.quad 0xffffffff90000000\n.byte 2, 6\n.balign 8'
refused "$work/other" \
	"\.parainstructions: $record 0xffffffff90000000: type 2, 6 bytes: the site is not inside a section of instructions" \
	"a record outside the text"
add '.quad pv_ops\n.byte 2, 6\n.balign 8'
refused "$work/other" "$record 0xffffffff[0-9a-f]*: .*not inside a section of instructions" \
	"a record in data"
add '.quad 771b\n.byte 5, 6\n.balign 8'
refused "$work/other" "$record 0xffffffff81000034: type 5, 6 bytes: the site overlaps another" \
	"two records of one site"
add '.quad 771b + 1\n.byte 5, 5\n.balign 8'
refused "$work/other" "$record 0xffffffff81000035: type 5, 5 bytes: the site .*" \
	"a record that points into an instruction"
add '.quad 771b\n.byte 5, 7\n.balign 8'
refused "$work/other" "$record .*: type 5, 7 bytes: the site .*" "a site with a byte more"
other 6_1 \
	's/^thunk:/771: call *pv_ops(%rip); .byte 0xe8\n.pushsection .parainstructions, "a"\n.quad 771b\n.byte 0, 7\n.balign 8\n.popsection\nthunk:/'
refused "$work/other" "$record .*: type 0, 7 bytes: the site ends inside an instruction" \
	"a site that ends inside an instruction"
add '.quad 771b\n.byte 200, 6\n.balign 8'
refused "$work/other" \
	"$record .*: type 200, 6 bytes: calls through 0x[0-9a-f]*, which is not that slot" \
	"a type that is no op's"
add '.quad 771b\n.byte 4, 6\n.balign 8'
refused "$work/other" \
	"$record .*: type 4, 6 bytes: calls through 0x[0-9a-f]*, which is not that slot" \
	"another op's type"
add '.quad 771b\n.byte 5, 255\n.balign 8'
refused "$work/other" "$record .*: type 5, 255 bytes: the site " "a site of 255 bytes"
add '.quad 771b\n.byte 5, 0\n.balign 8'
refused "$work/other" "$record .*: type 5, 0 bytes: the site has no length" "one of none"
add '.quad nothing\n.byte 5, 5\n.balign 8'
refused "$work/other" "$record .*: type 5, 5 bytes: the site holds no indirect call" \
	"a site without a call"
add '.byte 1, 2, 3'
refused "$work/other" "\.parainstructions: record 8 is truncated: 3 bytes are left for one of 16" \
	"a truncated section"
other seed 's/site save_fl 3/site save_fl 9/'
refused "$work/other" 'record 4, site at 0xc1000032: type 9, 12 bytes: the type is unknown' \
	"2006: a type that is not of the list"
other seed 's/site save_fl 3/site save_fl 0/'
refused "$work/other" \
	'record 4, site at 0xc1000032: type 0, 12 bytes: calls through .*, other sites of its type through' \
	"2006: a type with another's slot"
other 6_1 's/^\t\.byte \\op$/.byte (\\op * 7) \& 3/'
refused "$work/other" '\.parainstructions: (record .* which is not that slot|unknown layout)' \
	"types that are numbers of nothing"

# Alternatives.
add_alt() { other 6_12 \
	"/ud2/i 881: .fill 9, 1, 0x90\n.pushsection .altinstructions, \"a\"\n$1\n.popsection"; }
add_alt '.long 881b - ., 884f - .\n.short 1, 4\n.byte 9, 2'
refused "$work/other" \
	'\.altinstructions: record 0, site at 0xffffffff81000000: 9 bytes: a flag is not known \(layout flags, 14 bytes\)' \
	"an alternative with a flag that nobody knows"
add_alt '.long 881b - ., 0x7000000\n.short 1, 0\n.byte 9, 2'
refused "$work/other" 'record 0, site at .*: the replacement is not in the image' \
	"a replacement that is nowhere"
add_alt '.long 881b - ., 884f - .\n.short 1, 0\n.byte 2, 3'
refused "$work/other" 'record 0, site at .*: the replacement is longer than the site' \
	"a replacement that is too long"
add_alt '.long 0x70000000, 884f - .\n.short 1, 0\n.byte 2, 3'
refused "$work/other" 'record 0, site at .*: the site is not inside a section of instructions' \
	"an alternative outside the text"
add_alt '.long 881b - ., 884f - .\n.short 1, 0\n.byte 9, 0\n.long 881b + 4 - ., 884f - .\n.short 1, 0\n.byte 4, 0'
refused "$work/other" \
	'\.altinstructions: record 1, site at 0xffffffff81000004: 4 bytes: the site overlaps another' \
	"alternatives that overlap"
other 2_6_20 's/\.long 881b, 883b/.long f + 2, 883b/; s/882b - 881b, 884b - 883b/9, 3/'
refused "$work/other" \
	'\.altinstructions: record 0, site at 0xc1000002: 9 bytes: the site overlaps a paravirt site and is not at it' \
	"an alternative inside a paravirt site"
other 6_1 \
	'/^thunk:/i .pushsection .altinstructions, "a"\n.long nothing + 0x18 - ., save_fl - .\n.short 117\n.byte 2, 0\n.popsection'
refused "$work/other" \
	'\.altinstructions: record 4, site at 0xffffffff81000018: 2 bytes: the site begins inside an instruction' \
	"one that is also inside an instruction"
# 881 is a call, e8 05 00 00 00, and a MOV of 5 bytes.
add_call() { other 6_12 \
	"/ud2/i 881: call 882f\nmov \$0x90909090, %eax\n882:\n.pushsection .altinstructions, \"a\"\n$1\n.popsection"; }
add_call '.long 881b + 3 - ., 884f - .\n.short 1, 0\n.byte 2, 0'
refused "$work/other" \
	'record 0, site at 0xffffffff81000003: 2 bytes: the site begins inside an instruction' \
	"a site that begins inside a call, at bytes that decode"
add_call '.long 881b + 2 - ., 884f - .\n.short 1, 0\n.byte 8, 0'
refused "$work/other" \
	'record 0, site at 0xffffffff81000002: 8 bytes: the site begins inside an instruction' \
	"one that does, and ends where another instruction ends"
add_call '.long 881b - ., 884f - .\n.short 1, 0\n.byte 3, 0'
refused "$work/other" \
	'record 0, site at 0xffffffff81000000: 3 bytes: the site does not end where an instruction ends' \
	"a site that ends inside a call"
add_call '.long 881b - ., 884f - .\n.short 1, 0\n.byte 10, 0'
"$tool" "$work/other" >/dev/null
ok $? "a site that is two instructions is none of these"
add_call '.long 881b - ., 884f - .\n.short 1, 0\n.byte 10, 4'
refused "$work/other" \
	'record 0, site at 0xffffffff81000000: 10 bytes: the replacement holds what is no instruction' \
	"a replacement that ends inside an instruction, for a feature that is not known"
other 6_1 's/site_or 5 0x0110, 0xf4/site_or 5 0x0110, 0x06/'
refused "$work/other" \
	'record 3, site at 0xffffffff81000034: 6 bytes: the replacement holds what is no instruction' \
	"a replacement that is no instruction"
other 6_1 's/site_or 1 0x8110, 0xfa/site_or 1 0x8110, 0xeb, 0x70/'
refused "$work/other" \
	'record 1, site at 0xffffffff81000010: 6 bytes: a displacement of the replacement does not reach' \
	"a replacement with a short jump to where it cannot reach"
other 6_12 's/884: call bug/884: jmp bug/'
refused "$work/other" \
	'record 0, site at 0xffffffff8100000e: 6 bytes: DIRECT_CALL: the replacement is not one CALL rel32' \
	"a direct call whose replacement calls nothing"
other 5 's/884: lfence/884: .byte 0x06, 0x90, 0x90/'
"$tool" "$work/other" >"$work/out" 2>"$work/err"
is "$? $(wc -l <"$work/out") $(cut -d: -f3- "$work/err")" \
	'2 0  .altinstructions: record 0, site at 0xffffffff81000024: 3 bytes: the replacement holds what is no instruction, or a part of one' \
	"a bad replacement is refused too where nothing can be patched"
add_alt '.byte 1'
refused "$work/other" '\.altinstructions: ' "a truncated section of alternatives"
refused "$k/6_1" '\.altinstructions: .*\(layout flags, 14 bytes\)|layout flags' \
	"a layout that is forced and wrong" \
	--alternatives flags
refused "$k/6_1" '\.altinstructions: layout pointers is that of i386' \
	"one of another architecture" \
	--alternatives pointers

# Headers.
cp "$k/6_1" "$work/header"
set_header "$work/header" .parainstructions 32 0
"$tool" "$work/header" >"$work/out"
has "$work/out" \
	'paravirt sites: none: .parainstructions is empty, and no record of .altinstructions is a direct call' \
	"records of no bytes are said to be none"
other 6_1 's/pushsection \.altinstructions/pushsection .other/'
"$tool" "$work/other" >"$work/out"
has "$work/out" 'alternatives: none: .altinstructions is not there' "and so are alternatives"
cp "$k/6_1" "$work/header"
set_header "$work/header" .parainstructions 32 0x7fffffffffffffff
refused "$work/header" \
	'section \.parainstructions is not inside the file: 0x7fffffffffffffff bytes' \
	"a section of nearly 2^63 bytes"
cp "$k/6_1" "$work/header"
set_header "$work/header" .text 16 0xfffffffffffffff0
refused "$work/header" 'section \.text ends behind the last address' \
	"a section at the end of all addresses"
cp "$k/6_1" "$work/header"
set_header "$work/header" .init.text 24 0x80
refused "$work/header" 'sections? .* overlaps?' "instructions that are something else too"
cp "$k/6_1" "$work/header"
set_header "$work/header" .text 24 0
refused "$work/header" "overlaps the file's headers" "instructions that are the header"

# bzImages.
echo 'this is not packed at all' >"$work/payload"
kernel_bzimage "$work/payload" "$work/bz"
refused "$work/bz" 'bzImage: the payload at offset 0x400 is packed in no way that is known' \
	"a payload that is text"
xz -c "$k/6_12" >"$work/payload"
kernel_bzimage "$work/payload" "$work/bz" 20f 0 256
refused "$work/bz" \
	'bzImage: the payload at offset 0x400 \(xz\) does not unpack: it is damaged or cut short' \
	"a payload cut short"
kernel_bzimage "$work/payload" "$work/bz" 20f 0 999999999
refused "$work/bz" 'bzImage: the payload is not inside the file: 0x3b9ac9ff bytes at offset 0x400' \
	"one longer than the file"
# whole PAYLOAD PARAGRAPHS [CERTIFICATES]: a bzImage with so many behind the setup by its
# header, signed by so many bytes; as long as it says.
whole()
{
	kernel_bzimage "$1" "$work/bz"
	perl -e '
		my ($image, $paragraphs, $signature, $magic) = @ARGV;
		open(my $f, "<:raw", $image) or die; local $/; my $b = <$f>;
		my $len = 1024 + 16 * $paragraphs;
		substr($b, 0x1f4, 4) = pack "V", $paragraphs;
		$b .= "\0" x ($len - length $b);
		if ($signature) {
			substr($b, 0, 2) = "MZ";
			substr($b, 0x3c, 4) = pack "V", 0x40;
			substr($b, 0x40, 4) = "PE\0\0";
			my $at = 0x58 + ($magic eq "20b" ? 112 : 96);
			substr($b, 0x58, 2) = pack "v", hex $magic;
			substr($b, $at - 4, 4) = pack "V", 6;
			substr($b, $at + 32, 8) = pack "VV", $len, $signature;
			$b .= "s" x $signature;
		}
		open($f, ">:raw", $image) or die; print $f $b' "$work/bz" "$2" "${3:-0}" "${4:-20b}"
}
paragraphs=$((($(stat -c %s "$work/payload") + 100) / 16))
for bits in 20b 10b; do
	whole "$work/payload" $paragraphs 24 $bits
	is "$(read_image "$work/bz")" "$(read_image "$k/6_12")" "a signed bzImage (PE $bits)"
	truncate -s -1 "$work/bz"
	refused "$work/bz" \
		"bzImage: cut short: its signature ends at $((1048 + 16 * paragraphs)) bytes, and there are $((1047 + 16 * paragraphs))\$" \
		"one whose signature is cut by a byte (PE $bits)"
done
whole "$work/payload" $paragraphs
is "$(read_image "$work/bz")" "$(read_image "$k/6_12")" "a bzImage as long as its header says"
truncate -s -1 "$work/bz"
refused "$work/bz" \
	"bzImage: cut short: its header says that it has $((1024 + 16 * paragraphs)) bytes or more, and there are $((1023 + 16 * paragraphs))\$" \
	"one that is cut behind its payload, by a byte"
kernel_bzimage "$work/payload" "$work/bz" 207
refused "$work/bz" 'bzImage: boot protocol 2\.07 does not say' "a protocol without payloads"
printf '\211LZO and so on' >"$work/payload"
kernel_bzimage "$work/payload" "$work/bz"
refused "$work/bz" 'packed with lzo, which is not read' "LZO, which is not read"
gzip -nc Makefile >"$work/payload"
kernel_bzimage "$work/payload" "$work/bz"
refused "$work/bz" 'not a kernel image: ' "a payload that is no vmlinux"

# Every class of a comparison: a kernel, and memory of it as if it had been booted.
cat >"$work/classes.s" <<'END'
	.macro site op
	771: call *pv_ops + 8 * \op(%rip)
	.pushsection .parainstructions, "a"
	.balign 8
	.quad 771b
	.byte \op, 6
	.balign 8
	.popsection
	.endm
	.macro alternative feature old new
	881: \old
	882:
	.pushsection .altinstr_replacement, "ax"
	884: \new
	885:
	.popsection
	.pushsection .altinstructions, "a"
	.long 881b - ., 884b - .
	.short \feature
	.byte 882b - 881b, 885b - 884b
	.popsection
	.endm
	.text
f:	ret
g:	xor %eax, %eax; ret
	site 0
	site 1
	site 0
	.pushsection .altinstructions, "a"
	.long 771b - ., f - .
	.short 0x0110
	.byte 6, 1
	.popsection
	alternative 9 "jmp 1f" "nop"
	alternative 117 ".skip 5, 0x90" "jmp thunk"
	alternative 0x8009 "lock incl (%rax)" "lock decl (%rax)"
	.pushsection .smp_locks, "a"
	.long 881b - ., 884b - .
	.popsection
	.pushsection .return_sites, "a"
	.long 882b - .
	.popsection
	jmp thunk
thunk:	ret
	.section .altinstr_aux, "ax"
1:	testb $2, caps + 1(%rip)
	.data
pv_ops:	.quad g, g
caps:	.skip 14
	.byte 0x20
	.skip 300
END
kernel_link 64 "$work/classes.s" "$work/classes"
"$tool" --apply "$work/patched" "$work/classes" >/dev/null
objcopy -O binary "$work/patched" "$work/dump"
# compared NAME OFFSET BYTES...: counts of paravirt's and of alternatives' classes, and
# the status, once bytes of the dump are others
compared()
{
	local status=0
	cp "$work/dump" "$work/changed"
	while [ $# -gt 0 ]; do
		printf '%b' "$2" | dd of="$work/changed" bs=1 seek=$(($1)) conv=notrunc 2>/dev/null
		shift 2
	done
	"$tool" --json --compare "$work/changed" "$work/classes" >"$work/json" || status=$?
	jq -r '.compared | [.paravirt, .alternatives][] | to_entries | map(select(.value > 0) |
		"\(.key) \(.value)") | join(", ")' "$work/json" | paste -sd ';' |
			sed "s/$/;$status/"
}
# Sites at 4, 10 and 16; alternatives at 16, 22, 27 and 32; the table behind them.
"$tool" --sites "$work/classes" | awk '$1 == "alternative" { print $3 }' >"$work/alts"
is "$(paste -sd ' ' "$work/alts")" \
	'0xffffffff81000010 0xffffffff81000016 0xffffffff8100001b 0xffffffff81000020' \
	"the sites are where the tests below change bytes"
table=$(($("$tool" --json "$work/classes" | jq -r .table) - 0xffffffff81000000))
# What the features of the dump choose: a short JMP of the thunk, and DEC.
jmp=$("$tool" --sites --compare "$work/dump" "$work/classes" |
	awk '$1 == "alternative" && $3 ~ /1b$/ { gsub(/../, "\\x&", $6); print $6 }')
is "$(compared 27 "$jmp" 32 '\xf0\xff\x08')" 'same 3;same 4;0' "compared: all the same"
is "$(compared 27 "$jmp" 32 '\x3e\xff\x08')" 'same 3;same 3, rewritten 1;0' \
	"compared: a LOCK that one CPU does without"
is "$(compared 27 "$jmp" 32 '\x3e\xff\x09')" 'same 3;same 3, unexplained 1;1' \
	"compared: that does not explain another byte"
is "$(compared 27 "$jmp" 32 '\xf0\xff\x08' 4 '\xf4')" 'same 2, unexplained 1;same 4;1' \
	"compared: a byte of a paravirt site"
is "$(compared 27 "$jmp" 32 '\xf0\xff\x08' $((table)) '\x00' \
	4 '\xe8\xf7\xff\xff\xff' 16 '\xe8\xeb\xff\xff\xff')" \
	'same 1, table 2;same 3, table 1;0' "compared: the kernel put another op in its table"
is "$(compared 27 "$jmp" 32 '\xf0\xff\x08' $((table)) '\x00')" 'same 3;same 4;0' \
	"compared: it did so after it had patched"
is "$(compared 27 '\xeb\x00' 32 '\xf0\xff\x08' )" 'same 3;same 3, unexplained 1;1' \
	"compared: a jump to elsewhere"
# The last three bytes of the replacements are DEC's, with a LOCK that is listed.
at=$(readelf -SW "$work/patched" | sed -n 's/^ *\[ *[0-9]*\] //p' |
	awk '$1 == ".altinstr_replacement" { print "0x" substr($3, 9) " + 0x" $5 " - 0x81000003" }')
is "$(compared 27 "$jmp" 32 '\x3e\xff\x08' $((at)) '\x3e\xff\x08')" \
	'same 3;same 3, replacement 1;0' "compared: a replacement that was another first"
is "$(compared 27 "$jmp" 32 '\xf0\xff\x0b' $((at)) '\xf0\xff\x0b')" \
	'same 3;same 3, unexplained 1;1' "compared: one that no mechanism made another"
tail -c +$((table + 1)) "$work/dump" >"$work/cut"
"$tool" --compare "$work/cut" --dump-at "$(printf '0x%x' $((0xffffffff81000000 + table)))" \
	"$work/classes" >"$work/out"
is "$? $(grep -c '^  not_in_dump  *[34] ' "$work/out")" '1 2' \
	"compared: a dump without the text is no comparison"
cp "$work/dump" "$work/kept"
"$tool" --compare "$work/kept" --apply "$work/kept" "$work/classes" >"$work/out" 2>"$work/err"
is "$? $(wc -l <"$work/out") $(cut -d: -f3- "$work/err") $(cmp "$work/dump" "$work/kept" &&
	echo same)" \
	'2 0  not written: it is a file that was read same' "compared: OUT is not DUMP"
head -c 30 "$work/dump" >"$work/cut"
"$tool" --compare "$work/cut" "$work/classes" >"$work/out" 2>&1
is $? 2 "compared: a dump that ends before the features"

# Memory of a booted kernel that is not.
cat >"$work/dump.s" <<'END'
	.text
f:	ret
771:	jmp 1f
	.section .altinstr_aux, "ax"
1:	testb $2, caps + 1(%rip)
	.section .altinstructions, "a"
	.long 771b - ., 771b - .
	.short 9
	.byte 5, 0
	.data
caps:	.skip 256
END
kernel_link 64 "$work/dump.s" "$work/dumped"
head -c 200 /dev/zero >"$work/zero"
"$tool" --compare "$work/zero" "$work/dumped" >"$work/out" 2>"$work/err"
is "$? $(wc -l <"$work/out") $(cut -d: -f1,2,3 "$work/err")" \
	"2 0 parapatch-image: $work/zero: the CPU's features, at 0xffffffff8100000d, are not in it" \
	"a dump that is too short"
head -c 4000 /dev/zero >"$work/zero"
"$tool" --compare "$work/zero" "$work/dumped" >"$work/out" 2>"$work/err"
is "$? $(wc -l <"$work/out") $(cut -d: -f2,3 "$work/err")" \
	"2 0  $work/zero: it is not memory of this kernel from 0xffffffff81000000 on" \
	"a dump of something else"
"$tool" --compare "$work/zero" "$k/6_1" >"$work/out" 2>"$work/err"
is "$? $(wc -l <"$work/out") $(wc -l <"$work/err")" '2 0 1' \
	"a kernel that does not say where features are"
for bad in '--dump-at x' '--nops k9' '--rule none' '--alternatives none'; do
	# shellcheck disable=SC2086
	"$tool" $bad "$k/6_1" >"$work/out" 2>"$work/err"
	is "$? $(wc -l <"$work/out") $(wc -l <"$work/err") $(grep -c -- "^parapatch-image: $bad: " \
		"$work/err")" \
		'2 0 1 1' "option $bad is refused by its name"
done

finish
