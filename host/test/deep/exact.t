#!/bin/bash
# exact.t: every cell's count in QEMU and in Bochs is what host/test/exact/exact.tbl says
# of its parts, and any other count would be seen.  The matrix and the paddings are counted in
# QEMU alone here: in Bochs they take as long as all the rest, and host/test/soak/exact.t has them,
# and kernel paths by every backend.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/exact/doctor.sh

# The run whose logs are looked at, and doctored.
look_at presets

# ---- the counts

# counts RUNS SOURCES AGREE: AGREE, as the last line says it
counts()
{
	local name arch cells=0
	host/exact/exact.sh --keep "$keep" --runs "$1" --sources "$2" >"$work/said" 2>&1
	ok $? "$1, both architectures: $2 count as the table's parts sum up to"
	grep -v '^x86_64 \|^ia32 ' "$work/said" | sed 's/^/# /'
	for name in $1; do
		cells=$((cells + $(rows_printed "$name")))
		is "$(rows_counted "$name")" "$(rows_of "$name")" \
			"$name: a row for every cell, and no more"
		for arch in x86_64 ia32; do
			is "$(for log in "$keep/$name/$arch"-*.log; do cells_of "$log"; done |
				sort -u | wc -l)" 1 \
				"$name, $arch: every source has as many cells"
			is "$(grep -ho '^parapatch applied .* table=.*' "$keep/$name/$arch"-*.log |
				sed 's/.* table=//' | sort -u)" nopl \
				"$name, $arch: padded from the table's NOPs"
		done
	done
	is "$(tail -n 1 "$work/said")" "exact: $cells cells, $(for name in $1; do
		cat "$keep/$name"/*.log; done | lines_of) cell lines, $3 = table" \
		"$1: every line is compared, and the last line says so"
}

counts 'matrix paddings' QEMU QEMU
counts 'presets ops paths' 'QEMU again Bochs' 'QEMU = Bochs'
has "$work/said" "presets: two QEMU runs, same counts" "a second QEMU run counts the same"
for arch in x86_64 ia32; do
	is "$(table_bytes $arch)" "$(form_bytes $arch)" \
		"$arch: the table's forms have as many bytes as the image's"
	is "$(rule $arch)" "" \
		"$arch: patched minus native is the padding NOPs, at most 1 a ccall site"
	is "$(bytes $arch irq_disable inline)" fa0f1f440000 \
		"$arch: patched cli is cli and one 5-byte NOP"
	is "$(bytes $arch save_fl inline)" 9c580f1f4000 \
		"$arch: patched save_fl is pushf, pop and one 4-byte NOP"
	is "$(bytes $arch irq_disable indirect 1-4)" ff15 "$arch: the site as built is ff 15"
	for source in QEMU Bochs; do
		is "$(fills $arch $source)" "" \
			"$arch, $source: between copies lie 16 LEAs, or a line's NOPs"
	done
	has "$logs/$arch-Bochs.log" 'APERF: it does not advance' \
		"$arch: a counter that is announced and stands still is not used"
done

# ---- and what is not so is refused: each time one thing is doctored

one="x86_64 save_fl native ccall indirect"
warm="$one layout dense state warm"
of="op=save_fl backend=native convention=ccall mode=indirect padding=long"
pattern=$of

doctor QEMU "$(all_ticks 768)"
refused "QEMU counts 6 for 5" "$warm: QEMU counts 6, the table 5"
mend QEMU
doctor again "$(all_ticks 3072)"
refused "QEMU's second run counts 6 for 5" "$warm: again counts 6, the table 5"
mend again
doctor Bochs "$(all_ticks 6)"
refused "Bochs counts 6 for 5" "$warm: Bochs counts 6, the table 5"
mend Bochs
doctor QEMU "$(all_ticks 672)"
refused "a fraction" "$warm: QEMU counts 5.250, the table 5"
mend QEMU
doctor Bochs 's/ max_ticks=[0-9.]*/ max_ticks=9.000/'
refused "batches that differ" "$warm: Bochs counts 5..9, the table 5"
mend Bochs
doctor QEMU 's/status=ok/status=refused/'
refused "a cell that was refused" "$warm: QEMU counts refused, the table 5"
mend QEMU
doctor Bochs "d"
refused "a cell less" "$warm: in the table, and no cell of Bochs"
mend Bochs
doctor QEMU "p;s/op=save_fl/op=new_op/"
refused "a cell more" \
	"x86_64 new_op native ccall indirect layout dense state warm: QEMU counts 5, and there is no such row"
mend QEMU
pattern="$of layout=work state=warm"
doctor QEMU "$(all_ticks 768)"
refused "another layout counts 6" "$one layout work state warm: QEMU counts 6, the table 5"
mend QEMU
pattern="$of layout=line state=cold_code"
doctor QEMU "$(all_ticks 1792)"
refused "a cold cell counts 14, 8 of them filler" \
	"$one layout line state cold_code: QEMU counts 6, the table 5"
mend QEMU
pattern="group=save_fl.native.line.cold_code role=empty"
doctor QEMU "d"
refused "no filler to take off" \
	"$one layout line state cold_code: no line of role empty says what its filler counts"
mend QEMU
pattern="$of layout=line state=cold_code"
doctor Bochs "d"
refused "a layout and state less" \
	"$one layout line state cold_code: in the table, and no cell of Bochs"
mend Bochs
pattern="role=twin op=save_fl .*"
doctor QEMU "$(all_ticks 640)"
refused "a twin counts 5" \
	"x86_64 save_fl native native native layout dense state warm role twin: QEMU counts 5, the table 2"
mend QEMU
pattern="group=save_fl.native.line.warm role=chain .*"
doctor QEMU "$(all_ticks 640)"
refused "a chain counts 5" \
	"x86_64 imul_chain native native native layout dense state warm role chain: QEMU counts 5, the table 1"
mend QEMU
pattern="role=empty .*"
doctor QEMU "$(all_ticks 640)"
is "$(fills x86_64 QEMU | wc -l)" 1 "a filler that counts 5: seen"
mend QEMU
doctor QEMU "s/ max_ticks=[0-9.]*/ max_ticks=9.000/"
is "$(fills x86_64 QEMU)" "not all batches are the same" "a filler whose batches differ: seen"
mend QEMU

# Fields of the sites, and what a native cell of another backend's group says.
pattern=$of
doctor Bochs "s/outcome=[^ ]*/outcome=inline/"
refused "another outcome" "$warm: Bochs says inline 6 0, the table kept-as-built 6 0"
mend Bochs
look_at matrix QEMU
pattern="group=restore_fl.xen.* op=restore_fl backend=xen convention=seed mode=test_sti"
xen="x86_64 restore_fl xen seed test_sti layout dense state warm"
doctor QEMU "$(all_ticks 1024)"
refused "a backend's form counts 8 for 7" "$xen: QEMU counts 8, the table 7"
mend QEMU
doctor QEMU "s/site_nops=1/site_nops=2/"
refused "another number of NOPs" "$xen: QEMU says inline 32 2, the table inline 32 1"
mend QEMU
doctor QEMU "s/site_bytes=32/site_bytes=30/"
refused "other bytes of a site" "$xen: QEMU says inline 30 1, the table inline 32 1"
mend QEMU
doctor QEMU "s/backend=xen/backend=xen_up/"
refused "a backend of another group" "$xen: QEMU says backend xen_up"
mend QEMU
pattern="group=save_fl.pvm.* role=cell op=save_fl backend=native convention=native"
native="x86_64 save_fl pvm native native layout dense state warm"
doctor QEMU "d"
refused "a native cell less, of one backend's group" "$native: in the table, and no cell of QEMU"
mend QEMU
doctor QEMU "s/backend=native/backend=pvm/"
refused "a native cell that is said to be the backend's" "$native: QEMU says backend pvm"
mend QEMU
look_at paddings QEMU
pattern="op=irq_disable backend=native convention=seed mode=inline padding=jump"
doctor QEMU "$(all_ticks 512)"
refused "a padding counts 4 for 2" \
	"x86_64 irq_disable native seed inline/jump layout dense state warm: QEMU counts 4, the table 2"
mend QEMU
look_at ops
pattern="op=read_cr3 backend=native convention=ccall mode=indirect padding=long"
cr3="x86_64 read_cr3 native ccall indirect layout dense state warm"
doctor Bochs "$(all_ticks 5)"
refused "an op counts 5 for 4" "$cr3: Bochs counts 5, the table 4"
mend Bochs
doctor QEMU "s/status=ok/status=left-out/"
refused "an op that is left out" "$cr3: QEMU leaves it out, and the table has it"
mend QEMU
doctor QEMU "d"
refused "a cell of an op less" "$cr3: in the table, and no cell of QEMU"
mend QEMU
pattern="op=load_tr_desc backend=native convention=ccall mode=indirect padding=long"
doctor QEMU "s/status=left-out/status=ok/"
refused "an op that the emulator is said to lack" \
	"x86_64 load_tr_desc native ccall indirect layout dense state warm: QEMU counts nothing, and by the table it lacks that op"
mend QEMU
edit "/^body both *native *read_cr3 /s/= mov/= mov mov/" $ops
refused "a word more in an op" "$cr3: QEMU counts 4, the table 5" --ops "$work/tbl"
edit "/^body both *native *read_cr3 /s/ 3 / - /" $ops
refused "an op without its form" \
	"x86_64 read_cr3 native ccall inline layout dense state warm: QEMU says inline 6 1, the table kept-no-form 6 0" --ops "$work/tbl"
edit "/^lacks both *QEMU *read_pmc /d" $ops
refused "an op that is left out without a reason" \
	"x86_64 read_pmc native ccall indirect layout dense state warm: QEMU leaves it out, and the table has it" --ops "$work/tbl"
edit "/^workload both *clts /d" $ops
refused "an op that the table has not" "no workload clts" --ops "$work/tbl"
edit "/^workload both *clts /{p;s/ clts / clts_2 /}" $ops
refused "an op more" \
	"x86_64 clts_2 native ccall indirect layout dense state warm: in the table, and no cell of Bochs" --ops "$work/tbl"
look_at paths
pattern="op=path:spin_lock backend=native convention=ccall mode=indirect padding=long"
doctor Bochs "$(all_ticks 42)"
refused "a kernel path counts 42 for 41" \
	"x86_64 path:spin_lock native ccall indirect layout dense state warm: Bochs counts 42, the table 41"
mend Bochs
pattern="op=path:pipe backend=native convention=ccall mode=indirect padding=long"
doctor Bochs "s/ instructions=[0-9]*/ instructions=5/;$(all_ticks 5)"
refused "a path without words counts otherwise in Bochs" \
	"x86_64 path:pipe native ccall indirect layout dense state warm: Bochs counts 5, and it was "
mend Bochs
look_at presets

# ---- the table

edit "/^body both *native *save_fl /s/pushf pop/pushf pop pop/"
refused "a word more in a body" "$warm: QEMU counts 5, the table 6" --table "$work/tbl"
edit "/^body both *native *save_fl /s/ 2 / 7 /"
refused "a form longer than its site" \
	"x86_64 save_fl native ccall inline layout dense state warm: QEMU says inline 6 1, the table kept-too-small 6 0" --table "$work/tbl"
edit "/^workload both *restore_fl /s/= load /= /"
refused "a word less in a workload" \
	"x86_64 restore_fl native ccall indirect layout dense state warm: Bochs counts 6, the table 5" --table "$work/tbl"
edit "/^way both *inline /d"
refused "a mode less" \
	"x86_64 save_fl native ccall inline layout dense state warm: QEMU counts 3, and there is no such row" --table "$work/tbl"
edit "/^site x86_64 seed *value /s/8 pop/9 pop/"
refused "a word more in a site" \
	"x86_64 save_fl native seed indirect layout dense state warm: QEMU counts 21, the table 22" --table "$work/tbl"
edit "/^nops 11/s/11/8/"
refused "shorter NOPs" \
	"x86_64 irq_disable native seed inline layout dense state warm: QEMU counts 4, the table 5" --table "$work/tbl"
edit "/^body both *native *save_fl /d"
refused "a body less" "no body of save_fl for x86_64 native" --table "$work/tbl"
edit "/^body both *native *save_fl /p"
refused "a body twice" "a second such line" --table "$work/tbl"
edit "/^body both *native *save_fl /s/=.*/= pushf 2/"
refused "words that mean two things" "words that mean two things" --table "$work/tbl"
edit "/^body both *native *save_fl /s/=.*//"
refused "a body without words" "no words" --table "$work/tbl"
edit "/^body both *native *save_fl /s/^body/bodies/"
refused "an unknown part" "'bodies' is no part" --table "$work/tbl"

# In the matrix: one word of one body of one backend, on one architecture.
look_at matrix QEMU
for part in "xen_smp restore_fl" "xen_up irq_save" "xen irq_enable" "lguest restore_fl" \
	"trace io_delay"; do
	read -r backend op <<<"$part"
	edit "/^body \(ia32\|both\) *$backend *$op /s/= [a-z]* /= /"
	refused "a word less in ${backend}_$op" "difference: ia32 " --table "$work/tbl"
done
edit "/^thunk ia32 /s/call endbr/call/"
refused "a thunk without the ENDBR of its op" \
	"ia32 save_fl lguest callee indirect layout dense state warm: QEMU counts 11, the table 10" --table "$work/tbl"
edit "/^kept ia32 lfence/d"
refused "a site that is kept" \
	"ia32 restore_fl native callee lfence layout dense state warm: QEMU says kept-no-register 6 0, the table stub-call 6 1" --table "$work/tbl"
look_at presets

# ---- its rows, one by one

# edit_rows SED: doctored rows in $work/rows
edit_rows()
{
	host/exact/exact.sh --print presets >"$work/good"
	sed "$1" "$work/good" >"$work/rows"
	! cmp -s "$work/good" "$work/rows" || ok 1 "the rows were doctored: $1"
}

row="^x86_64 save_fl *native *ccall *indirect"
edit_rows "/$row/s/ 5 = (/ 6 = (nop /"
refused "a row one off" "$warm: Bochs counts 5, the table 6" --rows "$work/rows"
edit_rows "/$row/d"
refused "a row less" "$warm: QEMU counts 5, and there is no such row" --rows "$work/rows"
edit_rows "/$row/{p;s/save_fl/no_such/}"
refused "a row more" \
	"x86_64 no_such native ccall indirect layout dense state warm: in the table, and no cell of QEMU" --rows "$work/rows"
edit_rows "/$row/p"
refused "a row twice" "a second row for $one" --rows "$work/rows"
edit_rows "/$row/s/pushf/pushf nop/"
refused "words that do not sum up" "5 is not what its words sum up to" --rows "$work/rows"
edit_rows "/$row/s/= .* ;/= 5 (call) ;/"
refused "words that mean two things" "5 is not what its words sum up to" --rows "$work/rows"
edit_rows "/$row/s/=.*//"
refused "a row without words" "not arch op backend convention mode" --rows "$work/rows"
edit_rows "/$row/s/ ; .*//"
refused "a row without an outcome" "not arch op backend convention mode" --rows "$work/rows"

# ---- the runs

compare 0
ok $? "all that was doctored is as it was"
look_at matrix QEMU
compare 0
ok $? "in the matrix too"
look_at presets
# Some of the sources alone.
compare 0 --sources QEMU
ok $? "QEMU alone agrees too"
has "$work/said" " cell lines, QEMU = table" "and is what was compared"
said=$(host/exact/exact.sh --sources again --runs matrix 2>&1)
is "$? $said" "2 exact: --sources again: none of them runs 'matrix'" \
	"a source that does not run it is refused"
said=$(host/exact/exact.sh --sources Simics 2>&1)
is "$? $said" "2 exact: --sources: there is no source 'Simics'" "and one that there is none of"
echo 20 >"$logs/ia32-Bochs.failed"
refused "a boot that failed" "nothing is compared, for these boots failed: presets Bochs ia32"
rm "$logs/ia32-Bochs.failed"
sed -i 's/ icount 7,/,/' "$logs/x86_64-QEMU.note"
refused "a run that does not say what an instruction is" "x86_64 QEMU: ticks of an instruction: ''"
finish
