#!/bin/bash
# module.t: modules from the stick: loaded, patched, timed as cells, unloaded; and
# those that cannot be, a line each.
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source=host/test/lib/boot.sh
. host/test/lib/boot.sh
. host/test/boot/modules.sh
export MTOOLSRC=/dev/null MTOOLS_SKIP_CHECK=1

# The application's own four beside the module's: the same source.
cat >"$work/small.cfg" <<'CFG'
workloads = irq_disable irq_enable save_fl restore_fl
modes = native indirect inline direct
layouts = dense
offsets = 1
batches = 2
CFG
readonly quick=(--icount 7 --config "$work/small.cfg")

# spoilt FILE OFFSET BYTES TO: a copy with other bytes there
spoilt()
{
	cp "$1" "$4"
	printf '%b' "$3" | dd of="$4" bs=1 seek="$2" conv=notrunc status=none
}

# good ARCH: all modules
good()
{
	boot "$1" --arch "$1" "${quick[@]}" --set 'modules = all'
	modules_good "$1"
}

# put FILE NAME: onto the stick, as a module of $arch
put()
{
	mcopy -i "$image@@1M" "$1" "::/modules/$arch/$2.ko"
}

# bad ARCH OTHER: what cannot be loaded, beside one that can
bad()
{
	local arch=$1 other=$2 file=out/$1/modules/seed_ops.ko name n=0
	local records relocations word=1
	[ "$arch" = ia32 ] || word=2
	records=$(section "$file" .parainstructions 4)
	relocations=$(section "$file" \
		"$([ "$arch" = ia32 ] && echo .rel.text || echo .rela.text)" 4)
	cp out/parapatch.img "$work/bad.img"
	image=$work/bad.img
	put "out/$other/modules/seed_ops.ko" other
	head -c 9000 "$file" >"$work/cut"
	put "$work/cut" cut
	put disk/parapatch.cfg noelf
	put "$file" renamed
	spoilt "$file" $((records + 3 * 8 + 4)) '\xee' "$work/type"
	put "$work/type" type
	spoilt "$file" $((records + 3 * 8 + 5)) '\xff' "$work/long"
	put "$work/long" long
	spoilt "$file" $((relocations + 5 * (word == 2 ? 24 : 8) + 4 * word)) '\x09' \
		"$work/relocation"
	put "$work/relocation" relocation
	boot "bad-$arch" --arch "$arch" "${quick[@]}" --set 'modes = native indirect' \
		--set 'modules = nosuch other cut noelf renamed type long relocation seed_ops seed_ops'
	is "$status" 10 "$arch: what was asked for and not loaded is a failed check"
	has "$work/bad-$arch.log" "parapatch end status=check-failed" \
		"$arch: and the status says so"
	# In the order in which they were asked for.
	while IFS='|' read -r name words; do
		line=$(grep "^parapatch: module $name is not loaded: \\\\modules\\\\$arch\\\\$name.ko: " "$work/bad-$arch.log")
		[ "$(wc -l <<<"$line")" = 1 ] && grep -qE -- "$words" <<<"$line"
		ok $? "$arch: ${line:-$name: no line}"
		is "$(grep "^module name=$name " "$work/bad-$arch.log" | field result)" refused \
			"$arch: $name: refused"
		n=$((n + 1))
	done <<-LINES
		nosuch|not found
		other|the module is for .*, and this is
		cut|cut short: [0-9]+ section headers at 0x[0-9a-f]+, and it has 0x2328 bytes
		noelf|the file is no ELF object
		renamed|it says that it is seed_ops
		type|\.parainstructions: record 3, site at 0x[0-9a-f]+, type 238, [0-9]+ bytes: there is no op of that type
		long|\.parainstructions: record 3, site at 0x[0-9a-f]+, type [0-9]+, 255 bytes: the site is too long
		relocation|relocation 5 of section [0-9]+, .rela?.text, at 0x[0-9a-f]+: its type is none that a module may have: 9
	LINES
	is "$(grep "^parapatch: module seed_ops " "$work/bad-$arch.log")" \
		"parapatch: module seed_ops is not loaded: \\modules\\$arch\\seed_ops.ko: it was asked for twice" \
		"$arch: one that was asked for twice is loaded once"
	n=$((n + 1))
	is "$(grep -c '^parapatch: module ' "$work/bad-$arch.log")" "$n" "$arch: one line each"
	is "$(grep '^module name=seed_ops ' "$work/bad-$arch.log" | field result | xargs)" \
		"unloaded refused" \
		"$arch: the good one among them is loaded, and unloaded"
	is "$(grep -c '^cell status=ok group=seed_ops:.* role=cell ' "$work/bad-$arch.log")" 12 \
		"$arch: and timed"
	is "$(grep -c '^cell status=ok group=[a-z_]*/.* role=cell ' "$work/bad-$arch.log")" 12 \
		"$arch: and so is the application's own"
	is "$(jq -c '[.status, ([.modules[] | select(.why != "")] | length)]' \
		"$work/bad-$arch"/*.json)" \
		"[\"check-failed\",$n]" "$arch: the report has them, and why"
	image=out/parapatch.img
}

# Signed, with one module as it was built and one that is longer by a byte.
secure()
{
	local key=$work/key.pem cert=/usr/share/ovmf/PkKek-1-snakeoil.pem why
	arch=x86_64 image=$work/secure.img
	openssl rsa -in "${cert%.pem}.key" -passin pass:snakeoil -out "$key" 2>/dev/null
	disk/sign.sh "$key" "$cert" out/x86_64/parapatch.efi="$work/signed.efi" >/dev/null
	ok $? "the application is signed"
	cp out/parapatch.img "$image"
	mcopy -o -i "$image@@1M" "$work/signed.efi" ::/EFI/BOOT/BOOTX64.EFI
	{ cat out/x86_64/modules/hot_path.ko; echo; } >"$work/longer"
	mcopy -o -i "$image@@1M" "$work/longer" ::/modules/x86_64/hot_path.ko
	want_status=10
	boot secure --secure-boot "${quick[@]}" --set 'modes = native indirect' \
		--set 'modules = all'
	is "$status" 10 "Secure Boot: a module that it was not signed with is a failed check"
	why="Secure Boot is on, and this application was not signed with a module of these bytes (SHA-256 $(sha256sum <"$work/longer" | cut -d' ' -f1))"
	is "$(grep '^parapatch: module ' "$work/secure.log")" \
		"parapatch: module hot_path is not loaded: \\modules\\x86_64\\hot_path.ko: $why" \
		"Secure Boot: in one line, with its digest"
	is "$(grep '^module name=seed_ops ' "$work/secure.log" | field result)" unloaded \
		"Secure Boot: the one that it was signed with is loaded"
	is "$(grep -c '^cell status=ok group=seed_ops:.* role=cell ' "$work/secure.log")" 12 \
		"Secure Boot: and timed"
	is "$(grep -c '^cell .*group=hot_path:' "$work/secure.log")" 0 \
		"Secure Boot: the other is not"
	want_status=0
	boot insecure --cpu max,-rdtscp "${quick[@]}" --set 'modes = native indirect' \
		--set 'modules = all'
	is "$status" 0 "without Secure Boot: all are loaded"
	is "$(grep '^module name=hot_path ' "$work/insecure.log" | field built_with) $(
		grep '^module name=' "$work/insecure.log" | grep -v ' name=hot_path ' |
			field built_with | sort -u)" "no yes" \
		"without Secure Boot: and it is said which was built with the application"
	is "$(grep '^module name=hot_path ' "$work/insecure.log" | field replaced)" 0 \
		"a CPU without RDTSCP: no alternative of the module is applied"
	image=out/parapatch.img
}

# strict ARCH NAME: a firmware that gives code pages which may not be executed, and
# watches every page's rights (see protect.t)
strict()
{
	local arch=$1
	image=$work/strict.img
	disk/image.sh "$image" "out/test/$arch/standin.efi=EFI/BOOT/BOOT$2.EFI" \
		"out/$arch/parapatch.efi=EFI/PARAPATCH.EFI" disk/parapatch.cfg=parapatch.cfg \
		"out/$arch/modules/hot_path.ko=modules/$arch/hot_path.ko"
	boot "strict-$arch" --arch "$arch" "${quick[@]}" --set 'workloads = save_fl' \
		--set 'modes = indirect inline' --set 'modules = hot_path'
	is "$status" 0 "$arch, strict firmware: runs to its end"
	is "$(grep '^module name=hot_path ' "$work/strict-$arch.log" | field result)" unloaded \
		"$arch, strict firmware: a module is loaded, and unloaded"
	has "$work/strict-$arch.log" 'standin: ok protocol' \
		"$arch, strict firmware: no page of it was ever writable and executable, and all were put back"
	image=out/parapatch.img
}

good x86_64
good ia32
strict x86_64 X64
strict ia32 IA32
secure
want_status=10
bad x86_64 ia32
bad ia32 x86_64
finish
