#!/bin/bash
# build.t: what the build proves about the image, and that it can say no.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh

# Above 384 KiB since looks, regimes, counts and other CPUs are in it, above 448 since every
# op of the table is a workload: four copies in six conventions; above 640, by clang 19, since
# mixes are replayed.  A stick has room for
# thousands; the bound is to show growth that nobody meant.
readonly efi_max=$((768 << 10))

sites() { size -A "out/$1/parapatch.elf" | awk '/^.parainstructions/ { print $2 }'; }

# tables ARCH: the table's ops that are workloads there; those of class x64 on x86-64 alone
tables()
{
	awk -v ia32="$1" '
		/^OP\(/ { row = $0; if (!/\)$/) { getline; row = row $0 }; split(row, f, /[(,]/) }
		/^OP\(/ && ia32 == "ia32" && row ~ /,[ \t]+x64,/ { no[f[2]] = 1 }
		/^TABLE\(/ { split($0, f, /[(,]/); if (!(f[2] in no)) print f[2] }' \
		include/list/op.def include/list/table.def
}

# in_blocks ARCH: calls through a table in the blocks of kernel paths, by the listing
in_blocks()
{
	nm "out/$1/parapatch.elf" | sed -n 's/ . wl_.*_path_[a-z0-9_]*_\(begin\|end\)$/ \1/p' |
		grep -v user | sort -u >"$work/blocks"
	objdump -d --no-show-raw-insn "out/$1/parapatch.elf" | awk -v width=$([ "$1" = ia32 ] &&
			echo 8 || echo 16) '
		NR == FNR { at[++n] = $1; is[n] = $2; next }
		/call +\*0x[0-9a-f]+(\(%rip\)|$)/ || /call +\*0x[0-9a-f]+\(%rip\) / {
			addr = sprintf("%*s", width, substr($1, 1, length($1) - 1))
			gsub(/ /, "0", addr)
			while (i < n && at[i + 1] <= addr)
				i++
			calls += is[i] == "begin"
		}
		END { print calls + 0 }' "$work/blocks" -
}

# flags FILE SECTION: as objdump has them
flags() { objdump -h "$1" | awk -v n="$2" '$2 == n { getline; print }'; }

for arch in x86_64 ia32; do
	efi=out/$arch/parapatch.efi
	size=$(stat -c %s "$efi")
	[ "$size" -le $efi_max ]
	ok $? "$arch: the application has $size bytes, at most $efi_max"
	# 19: sites of one copy of each workload of ops, see run-decode.c; and one in each
	# of the table's ops by itself.  Parts of mixes are there once.
	each=$((19 + $(tables "$arch" | wc -l))) parts=$(mix_ops | wc -w)
	# Of another compiler the table knows no blocks: its copies of a function may be more.
	blocks=$(path_sites "$arch" | awk '{ n += $3 } END { print n }')
	[ -z "${ONLY_IMAGES:-}" ] || blocks=$(in_blocks "$arch")
	is "$(sites "$arch")" $((((each * 4 + parts) * 5 + blocks) * 8)) \
		"$arch: records of four copies of $each sites and of $parts in five conventions, and $blocks of kernel paths"
	is "$(objdump -h "$efi" | awk '$1 ~ /^[0-9]+$/ { print $2 }' | tr '\n' ' ')" \
		".text .rodata .altinst .parains .sbat .data .bss .reloc " \
		"$arch: all sections, and no other"
	is "$(readelf -rW "out/$arch/parapatch.elf" |
		awk '/^Relocation section .*parainstructions/ { on = 1; next }
		/^Relocation/ { on = 0 } on && /R_/ { print $3 }' | sort -u | tr -d '\n')" \
		"$([ $arch = ia32 ] && echo R_386_PC32 || echo R_X86_64_PC32)" \
		"$arch: records are self-relative, none needs a base relocation"
	is "$(objdump -p "$efi" | sed -n 's/^DllCharacteristics[^0-9]*//p')" 00000140 \
		"$arch: NX_COMPAT and DYNAMIC_BASE"
	is "$(flags "$efi" .text | grep -c READONLY)" 1 "$arch: text is not writable"
	for section in .rodata .altinst .parains .sbat; do
		is "$(flags "$efi" $section | grep -c 'READONLY, DATA')" 1 \
			"$arch: $section is read-only data"
	done
	for section in .data .bss .reloc; do
		is "$(flags "$efi" $section | grep -c CODE)" 0 "$arch: $section is not executable"
	done
done
# What is stored to is on pages of its own: made not executable for a store, no page
# may hold what runs then.
for arch in x86_64 ia32; do
	nm "out/$arch/parapatch.elf" | sort |
		awk '$3 == "__patched_start" { on = 1 }
			on && !in_block { print $3 }
			$3 ~ /^wl_.*_path_.*_begin$/ { in_block = 1 }
			$3 ~ /^wl_.*_path_.*_end$/ { in_block = 0 }
			$3 == "__patched_end" { exit }' >"$work/patched"
	is "$(grep -c '^wl_.*_copy$' "$work/patched")" "$(nm "out/$arch/parapatch.elf" |
		grep -c "wl_.*_copy$")" "$arch: every workload is where text is stored to"
	is "$(grep -vE \
		'^(wl_.*|(alternative_)?selftest.*|stub_(retpoline|lfence|trampoline)|own_islands|__(patched_(start|end)|live_start|text_start))$' "$work/patched")" "" \
		"$arch: and the stubs, and nothing else"
	is "$(nm "out/$arch/parapatch.elf" |
		awk '$3 ~ /^__patched_(start|end)$/ { print substr($1, length($1) - 2) }' |
			paste -sd,)" \
		000,000 "$arch: in whole pages"
	# So is what other CPUs run while it is stored to.
	nm "out/$arch/parapatch.elf" | sort |
		awk '$3 == "__live_start" { on = 1 } on { print $3 } $3 == "__live_end" { exit }' \
			>"$work/live"
	is "$(grep -vE \
		'^(torture_(pass|begin|end)_(seed|ccall|callee|wide16|wide32)|torture_islands|__(live_(start|end)|patched_end))$' "$work/live" | sort -u)" "" \
		"$arch: what torture stores to is apart from all else too"
	is "$(grep -c '^torture_pass_' "$work/live") $(grep -c '^torture_islands$' "$work/live")" \
		"5 1" "$arch: every loop and the islands"
	is "$(nm "out/$arch/parapatch.elf" |
		awk '$3 ~ /^__live_(start|end)$/ { print substr($1, length($1) - 2) }' |
			paste -sd,)" \
		000,000 "$arch: in whole pages"
done
[ "$(objdump -p out/ia32/parapatch.efi | grep -c HIGHLOW)" -gt 120 ]
ok $? "ia32: every site has a base relocation"

# Workloads that are ops, and those that are not.
ops() { sed -n 's/^WORKLOAD(\([a-z0-9_]*\),.*[	 ]op, .*/\1/p' include/list/workload.def; }
others()
{
	sed -n '/[	 ]op, /d; s/^WORKLOAD(\([a-z0-9_]*\),.*/\1/p' include/list/workload.def
	sed -n 's/^INSTRUCTION(\([a-z0-9_]*\),.*/\1/p' include/list/table.def
}

# compiled WORKLOAD: the conventions whose bodies of it the image has
compiled()
{
	nm "out/$arch/parapatch.elf" | awk '{ print $3 }' |
		sed -n "s/^wl_\([a-z0-9]*\)_$1_three_copy\$/\1/p" | sort | tr '\n' ' '
}

for arch in x86_64 ia32; do
	for workload in $(ops) $(tables $arch); do
		is "$(compiled "$workload")" "callee ccall native seed wide16 wide32 " \
			"$arch: $workload, an op, in every convention"
	done
	for workload in $(others); do
		is "$(compiled "$workload")" "native " "$arch: $workload, no op, as it is"
	done
done
is "$(ops | wc -l) $(others | grep -c .)" \
	"12 $((10 + $(grep -c '^INSTRUCTION(' include/list/table.def)))" \
	"twelve workloads are of ops, ten and the table's instructions are not"
for object in out/x86_64/workload/*.o; do
	size -A "$object" | grep -q parainstructions && basename "$object"
done | grep -vE -- '-(seed|ccall|callee|wide16|wide32)\.o$' >"$work/sited"
is "$(wc -l <"$work/sited")" 0 "what is compiled as it is has no records"

# For another tree's images, see host/test/deep/compilers.t.
[ -z "${ONLY_IMAGES:-}" ] || finish

# Every op has all five columns, with words that the lists know.
classes='timed|setup|jump|trap|x64'
rings=$(sed -n 's/^RING3(\([a-z0-9_]*\),.*/\1/p' include/list/ring3.def | paste -sd'|')
is "$(grep -c '^OP(' include/list/op.def)" 84 "65 ops of Linux 2.6.20, irq_save, and 18 of later kernels"
# A row of two lines as one.
op_rows() { awk '/^OP\(/ { row = $0; if (!/\)$/) { getline; row = row $0 } print row }' \
	include/list/op.def; }
is "$(op_rows |
	grep -vcE \
		"^OP\([a-zA-Z0-9_]+,[[:space:]]+[a-z_]+,[[:space:]]+($classes), ($rings),[[:space:]]+\".+\"\)$")" 0 \
	"each with a class, what ring 3 may do, and a contract"

# A build that loses the section, or a part of it, fails.
objcopy -j .text -j .rodata -j .data -j .bss -j .reloc --strip-all \
	--set-section-flags .rodata=alloc,load,readonly,data --output-target=efi-app-x86_64 \
	out/x86_64/parapatch.elf "$work/lost.efi"
said=$(out/host/pecheck "$work/lost.efi" "$(sites x86_64)" 2>&1)
is "$? $said" "1 pecheck: $work/lost.efi: .parainstructions is lost" \
	"a lost section fails the build"
cp out/x86_64/parapatch.efi "$work/short.efi"
said=$(out/host/pecheck "$work/short.efi" $(($(sites x86_64) + 8)) 2>&1)
is "$? $said" "1 pecheck: $work/short.efi: .parainstructions has another size than before objcopy" \
	"a section that lost a record fails the build"
objcopy --set-section-flags .text=alloc,load,code,data out/x86_64/parapatch.efi "$work/wx.efi"
said=$(out/host/pecheck "$work/wx.efi" "$(sites x86_64)" 2>&1)
is "$? $said" "1 pecheck: $work/wx.efi: a section is both writable and executable" \
	"a section that is W and X fails the build"
# patched OFFSET BYTES: an image with those bytes in its optional header
optional() { echo $(($(od -An -tu4 -j60 -N4 out/x86_64/parapatch.efi) + 24)); }
patched()
{
	cp out/x86_64/parapatch.efi "$work/$1.efi"
	printf "$3" | dd of="$work/$1.efi" bs=1 seek=$(($(optional) + $2)) conv=notrunc status=none
	said=$(out/host/pecheck --look "$work/$1.efi" "$(sites x86_64)" 2>&1)
	said="$? ${said#pecheck: "$work/$1.efi": }"
}
for arch in x86_64 ia32; do
	said=$(out/host/pecheck --look out/$arch/parapatch.efi "$(sites $arch)" 2>&1)
	is "$? $said" "0 " "$arch: pecheck takes the image that was built, looking only"
done
patched nx 70 '\x40\x00'
is "$said" "1 NX_COMPAT or DYNAMIC_BASE is not set" "an image without NX_COMPAT is refused"
patched aslr 70 '\x00\x01'
is "$said" "1 NX_COMPAT or DYNAMIC_BASE is not set" "and one without DYNAMIC_BASE"
patched align 32 '\x00\x02'
is "$said" "1 sections are not aligned to 4096 bytes" \
	"and one whose sections are aligned to less than a page"

optional_len() { od -An -tu2 -j$(($(optional) - 4)) -N2 out/x86_64/parapatch.efi; }
# header SECTION FIELD: where that is, from the optional header on
header() { echo $(($(optional_len) + 40 * ($(objdump -h out/x86_64/parapatch.efi |
	awk -v n="$1" '$2 == n { print $1 }')) + $2)); }
patched page "$(header .rodata 13)" '\x08'
is "$said" "1 a section does not begin on a page" \
	"a section that is not on a page of its own is refused"
patched writable "$(header .rodata 39)" '\xc0'
is "$said" "1 a section other than .data and .bss is writable" "and .rodata that is writable"
patched executable "$(header .rodata 39)" '\x60'
is "$said" "1 a section other than .text is executable" "and .rodata that is executable"
patched both "$(header .text 39)" '\xe0'
is "$said" "1 a section is both writable and executable" "and .text that is writable"
patched long "$(header .rodata 10)" '\xff'
is "$said" "1 two sections overlap" "and one that reaches into the next one in memory"
patched raw "$(header .rodata 18)" '\x08'
is "$said" "1 two sections overlap" "and one that does so in the file"
patched sbat_at "$(header .sbat 23)" '\x7f'
is "$said" "1 .sbat is not inside the file" "and .sbat beyond the file's end"
for section in .rodata .parains .sbat; do
	patched "lost$section" "$(header $section 0)" '\0'
	is "$said" "1 ${section/.parains/.parainstructions} is lost" \
		"and one without a section of the name $section"
done
patched no_reloc 156 '\0\0\0\0'
is "$said" "1 there are no base relocations" "and one without base relocations"
patched no_pe -24 'PX'
is "$said" "1 is no PE image" "and what is no PE image"
head -c 100 out/x86_64/parapatch.efi >"$work/tiny.efi"
truncate -s 2M "$work/huge.efi"
for name in tiny huge gone; do
	said=$(out/host/pecheck --look "$work/$name.efi" 8 2>&1)
	is "$? ${said#pecheck: "$work/$name.efi": }" \
		"1 cannot be read, or is not of a size that can be" "and a file that is $name"
done
said=$(out/host/pecheck 2>&1)
is "$? $said" "2 usage: pecheck [--look] EFI SITES_BYTES" "without a file it says how it is called"

# with_sbat NAME TEXT: an image whose .sbat holds that
with_sbat()
{
	printf "$2" >"$work/$1.csv"
	objcopy --update-section .sbat="$work/$1.csv" out/x86_64/parapatch.elf "$work/$1.elf"
	objcopy -j .text -j .rodata -j .altinstructions -j .parainstructions -j .sbat -j .data \
		-j .bss -j .reloc --strip-all \
		--rename-section .parainstructions=.parains \
		--rename-section .altinstructions=.altinst \
		--set-section-flags .rodata=alloc,load,readonly,data \
		--output-target=efi-app-x86_64 "$work/$1.elf" "$work/$1.efi"
	said=$(out/host/pecheck "$work/$1.efi" "$(sites x86_64)" 2>&1)
	said="$? ${said#pecheck: "$work/$1.efi": }"
}
with_sbat good 'sbat,1,a,b,1,c\nparapatch,2,a,b,1,c\n'
is "$said" "0 " "an .sbat of two good lines is taken"
with_sbat order 'parapatch,1,a,b,1,c\nsbat,1,a,b,1,c\n'
is "$said" "1 .sbat does not begin with sbat,1 and parapatch" "lines in another order are refused"
with_sbat one 'sbat,1,a,b,1,c\n'
is "$said" "1 .sbat does not begin with sbat,1 and parapatch" "and one line alone"
with_sbat fields 'sbat,1,a,b,1,c\nparapatch,1,a,b,c\n'
is "$said" "1 a line of .sbat is not six fields with a generation" "and a line of five fields"
with_sbat generation 'sbat,1,a,b,1,c\nparapatch,x,a,b,1,c\n'
is "$said" "1 a line of .sbat is not six fields with a generation" \
	"and a generation that is no number"
with_sbat ends 'sbat,1,a,b,1,c\nparapatch,1,a,b,1,c'
is "$said" "1 a line of .sbat is not six fields with a generation" "and a last line without its end"
for section in .rodata .sbat; do
	objcopy -R $section out/x86_64/parapatch.efi "$work/lost.efi" 2>"$work/lost.err"
	said=$(out/host/pecheck "$work/lost.efi" "$(sites x86_64)" 2>&1)
	is "$? $said" "1 pecheck: $work/lost.efi: $section is lost" \
		"an image without $section is refused"
done

printf '.section .parainstructions, "a"\n.long here\n.data\nhere: .long 0\n' |
	gcc -m32 -x assembler -c -o "$work/abs.o" -
ld -m elf_i386 --emit-relocs -e 0 -o "$work/abs.elf" "$work/abs.o"
said=$(out/host/mkreloc "$work/abs.elf" "$work/abs.bin" 2>&1)
is "$? $said" "1 mkreloc: .parainstructions: a record is not self-relative" \
	"a record that is not self-relative fails the build"

printf '.section .lost, "a"\n.long 1\n' | gcc -m64 -x assembler -c -o "$work/orphan.o" -
ld -m elf_x86_64 --emit-relocs -e 0 -o "$work/orphan.elf" "$work/orphan.o"
said=$(out/host/mkreloc "$work/orphan.elf" "$work/orphan.bin" 2>&1)
is "$? $said" "1 mkreloc: .lost: a section that would not be in the image" \
	"a section that would be lost fails the build"

# Every wrapper of every convention compiles, used or not.
for arch in x86_64 ia32; do
	classes='timed\|setup'
	[ $arch = ia32 ] || classes="$classes\\|x64"
	op_rows | grep -v 'OP(patch,' |
		sed -n "s/^OP(\\([a-z0-9_A-Z]*\\),.*[[:space:]]\\($classes\\), .*/(void *)\\1,/p" \
			>"$work/list-$arch"
done
for convention in $(sed -n 's/^CONVENTION(\([a-z0-9]*\),.*/\1/p' include/list/convention.def); do
	for arch in x86_64 ia32; do
		{ echo "#include \"convention/$convention.h\""
		echo "void *const all[] = {"; cat "$work/list-$arch"; echo "};"; } >"$work/all.c"
		bits=-m64
		[ $arch = x86_64 ] || bits="-m32 -march=i686 -fno-pic"
		gcc $bits -std=gnu11 -O2 -Wall -Wextra -Werror -ffreestanding -mgeneral-regs-only \
			-mno-red-zone -Iinclude -Iinclude/$arch -c -o "$work/all.o" "$work/all.c" \
			>"$work/all.err" 2>&1
		ok $? "$arch, $convention: all $(wc -l <"$work/list-$arch") wrappers compile"
		sed 's/^/#   /' "$work/all.err" | head -5
	done
done

# What the shell's script starts is on the stick.
for name in $(grep -o 'BOOT[A-Z0-9]*\.EFI' disk/startup.nsh | sort -u); do
	mdir -b -i out/parapatch.img@@1M ::/EFI/BOOT 2>/dev/null | grep -qx "::/EFI/BOOT/$name"
	ok $? "startup.nsh starts $name, which is there"
done

# Packages: what cannot be installed is named in one line.
mkdir "$work/bin"
printf '#!/bin/sh\ncase "$*" in *" jq") exit 1 ;; esac\necho install ok installed\n' \
	>"$work/bin/dpkg-query"
printf '#!/bin/sh\necho 1000\n' >"$work/bin/id"
printf '#!/bin/sh\nexit 1\n' >"$work/bin/sudo"
chmod +x "$work/bin"/*
said=$(PATH=$work/bin:$PATH disk/packages.sh 2>&1 </dev/null)
is "$? $said" "1 packages missing: jq; as root: apt-get install jq" \
	"a missing package that cannot be installed is named in one line"
# What validates reports is the tests' alone: "make run" does not ask for it.
sed -i 's/" jq"/"fastjsonschema"/; s/\*"fastj/*"fastj/' "$work/bin/dpkg-query"
said=$(PATH=$work/bin:$PATH disk/packages.sh 2>&1 </dev/null)
is "$? $said" "0 " "a validator that is missing is not missed"
said=$(PATH=$work/bin:$PATH disk/packages.sh tests 2>&1 </dev/null)
is "$? $said" "1 packages missing: python3-fastjsonschema; as root: apt-get install python3-fastjsonschema" \
	"but by the tests"
said=$(disk/packages.sh everything 2>&1)
is "$? $said" "2 packages.sh: there is no everything, only tests (--help says more)" \
	"a word that it does not know is refused"
said=$(make run ARCH=arm 2>&1)
is "$?" 2 "an unknown ARCH is refused"
case $said in *"there is no ARCH=arm; ARCH is one of: x86_64 ia32"*) ok 0 "and named" ;; *) ok 1 \
	"and named" ;; esac
finish
