#!/bin/bash
# firmware.t: firmware of today: other Debian suites' OVMF, with strict NX and the memory
# attribute protocol, under Secure Boot, behind shim; their QEMUs, with x2APIC and more
# than 255 local APICs; U-Boot; other machines.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/suite.sh

# Under icount: no time depends on the host's load.
readonly small=(--icount 7 --set 'workloads = irq_save_restore' --set 'offsets = 1'
	--set 'batches = 1'
	--set 'layouts = dense' --set 'states = warm'
	--set 'modes = native indirect inline direct trampoline key_jmp')
readonly torture=(--set 'workloads = cli_sti' --set 'conventions = native ccall'
	--set 'modes = native indirect'
	--set 'layouts = dense' --set 'states = warm' --set 'offsets = 1' --set 'batches = 3'
	--accel tcg --set 'torture_s = 600' --timeout 400 --hang 300)
declare -A efi_name=([x86_64]=X64 [ia32]=IA32)

bail() { echo "Bail out! $*"; exit 1; }

# package SUITE ARCH NAME: sets folder and version
package()
{
	suite_open "$1" "$2" || bail "no packages of $1"
	folder=$(suite_unpack "$3") || bail "$1 has no $3"
	version=$(dpkg-deb -f "$(suite_deb "$3")" Version)
}

# ovmf SUITE NAME...: a folder with the firmware of all these packages; version is the
# first one's
declare -A ovmf_version
ovmf()
{
	local suite=$1 name
	shift
	mkdir "$work/$suite"
	for name; do
		package "$suite" amd64 "$name"
		ovmf_version[$suite]=${ovmf_version[$suite]:-$version}
		ln -s "$folder"/usr/share/OVMF/*.fd "$work/$suite/"
		[ $name = ovmf-ia32 ] ||
			ln -s "$folder"/usr/share/ovmf/PkKek-1-snakeoil.* "$work/$suite/"
	done
	package "$suite" amd64 qemu-system-x86
	folder=$(suite_tree qemu-system-x86) || bail "$suite has no QEMU"
	suite_wrapper "$folder" usr/bin/qemu-system-x86_64 "$work/qemu-$suite" \
		-L "$folder/usr/share/qemu" -L "$folder/usr/share/seabios"
}
ovmf bookworm ovmf
ovmf trixie ovmf ovmf-ia32
ovmf sid ovmf-generic
declare -A edk=([bookworm]='Debian 12' [trixie]='Debian 13' [sid]='sid')
# named SUITE: its firmware's name for a row
named() { echo "${edk[$1]}'s OVMF (${ovmf_version[$1]})"; }

text_line() { sed -n 's/^parapatch text \(.*\) why=.*/\1/p' "$work/$1.log"; }
app_ms() { sed -n 's/^parapatch end .*app_[a-z_]*ms=\([0-9]*\).*/\1/p' "$work/$1.log"; }
readonly by_protocol='mapped=read-only by="memory attribute protocol"'
readonly by_wp='mapped=writable by="CR0.WP"'

# complete NAME WHAT TEXT: it ran to its end, every site was patched, and so was text
# found, mapped and written
complete()
{
	is "$status" 0 "$2: the run is complete"
	all_patched "$work/$1.log" "$2: every site of the text was patched"
	is "$(text_line "$1")" "$3" "$2: text: $3"
}

# ---- Is a page ever writable and executable?  Asked of QEMU, while the run goes on.

# pages ADDRESS BYTES LOOKS <SAID: for each of the first LOOKS answers to "info tlb" how
# many pages of the text are read-only and executable, not executable, writable and
# executable; and how many of the machine's are that
pages()
{
	perl -ne '
		BEGIN { no warnings; $t = hex shift; $e = $t + shift; $looks = shift;
			@n = (0) x 4; @ARGV = () }
		if (/kvm support/) {
			print "@n\n";
			@n = (0) x 4;
			exit unless --$looks;
		}
		next unless /^([0-9a-f]+): [0-9a-f]+ (.)\S*(.)\s*$/;
		$a = hex $1; $x = $2 ne "X"; $w = $3 eq "W";
		$n[3] += $x && $w;
		next unless $a >= $t && $a < $e;
		$n[$x ? $w ? 2 : 0 : 1]++' "$1" "$2" "$3"
}

# In the background, while boot NAME runs: asks, again and again.  The second question is
# there for the end of the first's answer.  NAME.looks has where the text is, and how
# often it was answered before the run's end.
watch_pages()
{
	local text n=0
	exec 7<>"$work/mon.in"
	until grep -qa '^parapatch text ' "$work/$1.raw"; do
		sleep 0.02
	done
	# A line before that one, so it is whole.
	text=$(sed -n \
		's/.*parapatch build .* text=\(0x[0-9a-f]*\) text_bytes=\([0-9]*\).*/\1 \2/p' \
		"$work/$1.raw")
	while ! grep -qa '^parapatch run ' "$work/$1.raw"; do
		echo "$text $n" >"$work/$1.looks"
		printf 'info tlb\ninfo kvm\n' >&7
		n=$((n + 1))
		until [ "$(grep -ac 'kvm support' "$work/$1.said")" -ge $n ]; do
			sleep 0.02
		done
	done
}

# watched NAME [run.sh options]: boot, watched
watched()
{
	local pids
	rm -f "$work"/mon.*
	mkfifo "$work/mon.in" "$work/mon.out"
	printf '#!/bin/bash\nexec %q "$@" -chardev pipe,id=wx,path=%q -mon chardev=wx,mode=readline\n' \
		"${QEMU:-qemu-system-x86_64}" "$work/mon" >"$work/qemu-watched"
	chmod +x "$work/qemu-watched"
	: >"$work/$1.raw"
	: >"$work/$1.said"
	watch_pages "$1" &
	pids=$!
	cat "$work/mon.out" >"$work/$1.said" &
	pids+=" $!"
	QEMU=$work/qemu-watched boot "$@"
	# shellcheck disable=SC2086
	{ kill $pids; wait $pids; } 2>/dev/null
	# shellcheck disable=SC2046
	pages $(cat "$work/$1.looks") <"$work/$1.said" >"$work/$1.pages"
}

# w_xor_x NAME WHAT: nobody saw a page of the text both, and none became both elsewhere
w_xor_x()
{
	local n
	n=$(grep -c . "$work/$1.pages")
	[ "$n" -ge 3 ]
	ok $? "$2: the page tables were looked at from outside, $n times"
	is "$(awk -v n="$(($(sed -n 's/.* text_bytes=\([0-9]*\).*/\1/p' "$work/$1.log") + 4095))" '
		$3 || $1 + $2 != int(n / 4096)' "$work/$1.pages" | head -n 1)" "" \
		"$2: every page of the text was there, and none both writable and executable, each time"
	is "$(awk 'NR == 1 { least = $4 } $4 > least' "$work/$1.pages" | head -n 1)" "" \
		"$2: no other page became writable and executable"
}

# ---- Strict NX

# What the firmware's protocol costs, in instructions: a tenth of the run at most.
strict()
{
	local suite=$1 arch=$2 name=$1-$2
	OVMF_DIR=$work/$suite
	export OVMF_DIR
	watched "strict-$name" --arch "$arch" --strict-nx "${small[@]}" --set 'offsets = 4'
	complete "strict-$name" "$name, strict NX" "found=writable $by_protocol"
	is "$(jq -r \
		'.context.text | [.found, .mapped, .written_by, .why_not_protocol] | join(",")' \
		"$work/strict-$name"/*.json)" \
		"writable,read-only,memory attribute protocol," \
		"$name, strict NX: the report says so"
	w_xor_x "strict-$name" "$name, strict NX"
	tried firmware "$(named "$suite"), $arch, strict NX" \
		"complete; text and bodies by the memory attribute protocol; seen from outside, no page is writable and executable"
	boot "loose-$name" --arch "$arch" "${small[@]}" --set 'offsets = 4'
	complete "loose-$name" "$name" "found=writable $by_wp"
	[ $(($(app_ms "strict-$name") * 10)) -lt $(($(app_ms "loose-$name") * 11)) ]
	ok $? \
		"$name: the protocol takes less than a tenth more: $(app_ms \
		"strict-$name") ms of icount's clock, $(app_ms "loose-$name") by CR0.WP"
	tried firmware "$(named "$suite"), $arch" "complete; text by CR0.WP"
}
strict trixie x86_64
strict trixie ia32
strict sid x86_64

OVMF_DIR=$work/trixie
boot strict-torture --strict-nx --smp 2 --set 'torture = 20' "${torture[@]}"
is "$status" 0 "strict NX, two CPUs, torture: the run is complete"
is "$(jq -r \
	'.torture | [.live, .stopped] | map([.changed, .ops_wrong, .ops_called == .ops_counted]) | tojson' "$work/strict-torture"/*.json)" \
	'[[10,0,true],[10,0,true]]' \
	"strict NX, two CPUs: sites are changed under another CPU, no op is lost"
tried firmware "$(named trixie), strict NX, sites patched while another CPU runs them" \
	"complete; by CR0.WP, no op lost"

boot strict-modules --strict-nx "${small[@]}" --set 'modules = all'
is "$status" 0 "strict NX, modules: the run is complete"
is "$(jq -r '[.modules[] | select(.refused == null)] | length > 0' "$work/strict-modules"/*.json)" \
	true "strict NX: modules were loaded"
tried firmware "$(named trixie), strict NX, modules" "complete; loaded, patched, taken back"

# ---- Secure Boot, and shim

for name in mok other; do
	openssl req -x509 -newkey rsa:2048 -nodes -subj "/CN=$name" -days 2 \
		-keyout "$work/$name.key" -out "$work/$name.pem" 2>/dev/null
done
built=$image

# stick NAME ARCH SOURCE=DEST...: sets image
stick()
{
	image=$work/$1.img
	shift
	disk/image.sh "$image" "$@" disk/parapatch.cfg=parapatch.cfg
}

# refused_by NAME WHAT STATUS
refused_by()
{
	is "$status" "$3" "$2: status $3"
	is "$(grep -c '^parapatch' "$work/$1.log")" 0 "$2: not a line of the application's"
}

for where in trixie-x86_64 trixie-ia32 sid-x86_64; do
	arch=${where#*-} OVMF_DIR=$work/${where%-*}
	openssl rsa -in "$OVMF_DIR/PkKek-1-snakeoil.key" -passin pass:snakeoil \
		-out "$work/snakeoil.key" 2>/dev/null
	disk/sign.sh "$work/snakeoil.key" "$OVMF_DIR/PkKek-1-snakeoil.pem" \
		"out/$arch/parapatch.efi=$work/signed.efi"
	stick signed "$work/signed.efi=EFI/BOOT/BOOT${efi_name[$arch]}.EFI"
	boot "signed-$where" --arch "$arch" --strict-nx --secure-boot "${small[@]}"
	complete "signed-$where" "$where, Secure Boot" "found=writable $by_protocol"
	has "$work/signed-$where.log" 'secure_boot=on' "$where, Secure Boot: it is on"
	image=$built want_status=14
	boot "unsigned-$where" --arch "$arch" --strict-nx --secure-boot "${small[@]}"
	want_status=0
	refused_by "unsigned-$where" "$where, Secure Boot, unsigned" 14
	tried firmware "$(named "${where%-*}"), $arch, strict NX, Secure Boot" \
		"signed: complete; unsigned: not started by the firmware, status 14"
done

# The owner's key in the list that shim looks at, in variables that have Microsoft's.
suite_open trixie amd64 && tree=$(suite_tree python3-virt-firmware) || bail "no virt-firmware"
suite_wrapper "$tree" usr/bin/python3 "$work/python"
PYTHONHOME=$tree/usr PYTHONPATH=$tree/usr/lib/python3/dist-packages "$work/python" \
	"$tree/usr/bin/virt-fw-vars" \
	--input "$work/bookworm/OVMF_VARS_4M.ms.fd" --output "$work/mok.fd" \
	--add-mok 605dab50-e046-4300-abb6-3dd810dd8b23 "$work/mok.pem" >"$work/said" 2>&1
ok $? "the owner's key is in the firmware's variables"

# shim NAME ARCH SHIM APPLICATION [run.sh options]
shim()
{
	local name=$1 arch=$2
	stick "shim-$name" "$3=EFI/BOOT/BOOT${efi_name[$arch]}.EFI" \
		"$4=EFI/BOOT/grub${efi_name[$arch],,}.efi"
	shift 4
	boot "shim-$name" --arch "$arch" --secure-boot --vars "$work/mok.fd" "${small[@]}" "$@"
}
for arch in x86_64 ia32; do
	disk/sign.sh "$work/mok.key" "$work/mok.pem" "out/$arch/parapatch.efi=$work/mok-$arch.efi"
done

package trixie amd64 shim-signed
shim64=$folder/usr/lib/shim/shimx64.efi.signed shim64_version=$version
for where in trixie sid; do
	OVMF_DIR=$work/$where
	shim "strict-$where" x86_64 "$shim64" "$work/mok-x86_64.efi" --strict-nx
	complete "shim-strict-$where" "shim, $where, strict NX" "found=read-only $by_protocol"
	has "$work/shim-strict-$where.log" 'secure_boot=on' "shim, $where: Secure Boot is on"
	tried starter \
		"shim ($shim64_version), Secure Boot, the owner's key; $(named $where), strict NX" \
		"complete; shim maps text read-only; written by the protocol"
done
OVMF_DIR=$work/bookworm
shim bookworm x86_64 "$shim64" "$work/mok-x86_64.efi"
complete shim-bookworm "shim, Debian 12's OVMF" "found=writable $by_wp"
tried starter "shim ($shim64_version), Secure Boot, the owner's key; $(named bookworm)" \
	"complete; text by CR0.WP"
package bookworm i386 shim-signed
OVMF_DIR=$work/trixie
shim ia32 ia32 "$folder/usr/lib/shim/shimia32.efi.signed" "$work/mok-ia32.efi" --strict-nx
complete shim-ia32 "shim, ia32, strict NX" "found=read-only $by_protocol"
tried starter "shim ($version), ia32, Secure Boot, the owner's key; $(named trixie), strict NX" \
	"complete; shim maps text read-only; written by the protocol"

# What shim refuses: it says so on the screen and powers the machine off, which run.sh
# calls an end without a word.
OVMF_DIR=$work/trixie want_status=22
disk/sign.sh "$work/other.key" "$work/other.pem" "out/x86_64/parapatch.efi=$work/other.efi"
shim other x86_64 "$shim64" "$work/other.efi" --strict-nx
refused_by shim-other "shim, a key that is not the owner's" 22
tried starter "shim ($shim64_version), Secure Boot, a key that nobody has enrolled" \
	"shim does not start it"
objcopy -R .sbat --target=pei-x86-64 out/x86_64/parapatch.efi "$work/unmarked.efi" 2>/dev/null
disk/sign.sh "$work/mok.key" "$work/mok.pem" "$work/unmarked.efi=$work/unmarked-signed.efi"
shim unmarked x86_64 "$shim64" "$work/unmarked-signed.efi" --strict-nx
refused_by shim-unmarked "shim, the owner's key, but no .sbat" 22
tried starter "shim ($shim64_version), Secure Boot, the owner's key, .sbat taken out" \
	"shim does not start it: .sbat is looked at"
want_status=0 image=$built

# ---- Other QEMUs, x2APIC

for pair in sid,bookworm sid,trixie trixie,bookworm trixie,sid; do
	OVMF_DIR=$work/${pair#*,} QEMU=$work/qemu-${pair%,*}
	export QEMU
	nx=--strict-nx text="found=writable $by_protocol"
	[ "${pair#*,}" != bookworm ] || nx=--brief text="found=writable $by_wp"
	boot "$pair" $nx "${small[@]}"
	complete "$pair" "${pair%,*}'s QEMU, ${pair#*,}'s OVMF" "$text"
	tried firmware \
		"$(named "${pair#*,}")$([ $nx = --brief ] ||
		echo ', strict NX'), in ${edk[${pair%,*}]}'s QEMU ($("$QEMU" --version |
			sed -n 's/.*version \([0-9.]*\).*/\1/p'))" complete
done

# QEMU with the other CPUs as devices, whose numbers are chosen: 260, then 7, 14...
cat >"$work/qemu-260" <<END
#!/bin/bash
while [ \$# -gt 0 ]; do
	case \$1 in
	-smp) n=\$2 args+=(-smp 1,sockets=1,cores=261,threads=1,maxcpus=261); shift ;;
	-machine) args+=(-machine "\$2,kernel-irqchip=split"); shift ;;
	*) args+=("\$1") ;;
	esac
	shift
done
for ((i = 1; i < n; i++)); do
	core=\$((i == 1 ? 260 : i * 7 - 7))
	args+=(-device max-x86_64-cpu,socket-id=0,core-id=\$core,thread-id=0)
done
exec "$work/qemu-trixie" "\${args[@]}" -device intel-iommu,intremap=on,eim=on
END
chmod +x "$work/qemu-260"
QEMU=$work/qemu-260

# numbered NAME CPUS CHANGES
numbered()
{
	local each=$(($3 / 2))
	boot "$1" --smp "$2" --set "torture = $3" "${torture[@]}"
	is "$status" 0 "$2 CPUs, one with APIC ID 260: the run is complete"
	is "$(jq -c '.torture | [.cpus, .machine_cpus, .apic, .apic_id_max, .failed]' \
		"$work/$1"/*.json)" \
		"[$(($2 - 1)),$2,\"x2APIC\",260,null]" \
		"$2 CPUs: interrupts went by x2APIC, to APIC ID 260 too"
	is "$(jq -c \
		'.torture | [.live, .stopped] | map([.changed, .ops_wrong, .ops_called == .ops_counted])' "$work/$1"/*.json)" \
		"[[$each,0,true],[$each,0,true]]" \
		"$2 CPUs: as many changes as asked for, no op lost or counted twice"
	is "$(jq -c '.torture | .cpus as $n | [.live, .stopped] | map(.ipis / .changed / $n)' \
		"$work/$1"/*.json)" '[3,1]' \
		"$2 CPUs: interrupts a change to each: live 3, stopped 1"
}
for name in bookworm trixie; do
	OVMF_DIR=$work/$name
	numbered "apic-$name" 2 100
	tried cpu \
		"2 CPUs, one with APIC ID 260, x2APIC by the firmware; $(named \
		$name), Debian 13's QEMU; torture" \
		"complete; interrupts between CPUs by x2APIC, no op lost"
done
numbered apic-4 4 20
tried cpu \
	"4 CPUs, one with APIC ID 260, x2APIC by the firmware; $(named \
	trixie), Debian 13's QEMU; torture" "complete; no op lost"
unset QEMU

# Bochs, switched to x2APIC before the application starts.
echo >"$work/file"
stick x2apic out/test/x86_64/standin.efi=EFI/BOOT/BOOTX64.EFI \
	out/x86_64/parapatch.efi=EFI/PARAPATCH.EFI \
	"$work/file=X2APIC" "$work/file=NOPROTO"
disk/bochs.sh --image "$image" --cpu corei7_skylake_x "${small[@]:2}" --quiet \
	--timeout 600 --hang 300 --serial "$work/bochs.raw" >"$work/bochs.out" 2>&1
is "$?" 0 "Bochs, x2APIC: the run is complete"
tr -d '\r' <"$work/bochs.raw" >"$work/bochs.log"
all_patched "$work/bochs.log" "Bochs, x2APIC: every site of the text was patched"
has "$work/bochs.log" 'standin: x2APIC, IA32_APIC_BASE 0xfee00d00' \
	"Bochs: the local APIC is in x2APIC mode"
has "$work/bochs.log" '84 ops: 75 checked, 0 failed' "Bochs, x2APIC: the ops of the local APIC too"
tried cpu "Bochs (Skylake-X), x2APIC" \
	"complete; quiet windows and the operations of the local APIC by MSRs"
image=$built

# ---- Other machines

# machine NAME SITUATION TEXT [run.sh options]
machine()
{
	local name=$1 situation=$2 text=$3
	shift 3
	boot "$name" "${small[@]}" "$@"
	complete "$name" "$situation" "$text"
	tried firmware "$situation" complete
}
OVMF_DIR=$work/trixie
machine pc "$(named trixie), i440FX" "found=writable $by_wp" --machine pc
machine 5g "$(named trixie), strict NX, 5 GiB of RAM" "found=writable $by_protocol" --memory 5120 \
	--strict-nx
machine 5g-ia32 "$(named trixie), ia32, strict NX, 5 GiB of RAM" "found=writable $by_protocol" \
	--memory 5120 --strict-nx --arch ia32
machine 4-level "$(named trixie), strict NX, 4-level paging without 1 GiB pages" \
	"found=writable $by_protocol" --cpu max,-la57,-pdpe1gb --strict-nx
machine no-nx "$(named trixie), a CPU without execute-disable" "found=writable $by_wp" --cpu max,-nx
machine readonly "$(named trixie), text = readonly" 'found=writable mapped=read-only by="CR0.WP"' \
	--set 'text = readonly'
OVMF_DIR=$work/sid
machine readonly-sid "$(named sid), text = readonly" 'found=writable mapped=read-only by="CR0.WP"' \
	--set 'text = readonly'

# U-Boot cannot write to a virtio disk's file system here: no report.
package trixie amd64 u-boot-qemu
for name in qemu-x86_64,x86_64,pc qemu-x86_64,x86_64,q35 qemu-x86,ia32,q35; do
	IFS=, read -r name arch chipset <<<"$name"
	boot "uboot-$arch" --bios "$folder/usr/lib/u-boot/$name/u-boot.rom" --machine "$chipset" \
		--arch "$arch" \
		"${small[@]:2}" --accel tcg --set 'report = off'
	is "$status" 0 "U-Boot, $arch, $chipset: the run is complete"
	all_patched "$work/uboot-$arch.log" \
		"U-Boot, $arch, $chipset: every site of the text was patched"
	tried starter "Debian 13's U-Boot ($version), $arch, $chipset" "complete"
done
finish
