#!/bin/bash
# secure_boot.t: under Secure Boot the signed application runs and no other does.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh

# Debian's test key: the firmware's variables for tests have its certificate, and
# everybody knows its passphrase.
readonly cert=/usr/share/ovmf/PkKek-1-snakeoil.pem key=$work/snakeoil.key
openssl rsa -in "${cert%.pem}.key" -passin pass:snakeoil -out "$key" 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=other -days 2 \
	-keyout "$work/other.key" -out "$work/other.pem" 2>/dev/null

# refused WHAT WORDS KEY CERT: make sign says it in one line and makes nothing
refused()
{
	echo old >out/parapatch-signed.img
	setsid -w make sign KEY="$3" CERT="$4" >"$work/said" 2>&1
	is "$?" 2 "make sign: $1: refused"
	is "$(grep -c '^sign.sh: ' "$work/said")" 1 "$1: in one line"
	has "$work/said" "$2" "$1: that says what is wrong"
	[ ! -e out/parapatch-signed.img ]
	ok $? "$1: no image is left, nor an older one"
}
refused "without a key" 'sign.sh: no KEY; say KEY=FILE' '' "$cert"
refused "without a certificate" 'sign.sh: no CERT; say CERT=FILE' "$key" ''
refused "a key that is not there" 'KEY=/nowhere: no such readable file' /nowhere "$cert"
refused "a key for a certificate" "CERT=$key: is no certificate" "$key" "$key"
refused "a key with a passphrase, and no terminal" \
	"KEY=${cert%.pem}.key: has a passphrase, and there is no terminal to ask for it" \
	"${cert%.pem}.key" "$cert"
refused "a key of another certificate" "KEY=$work/other.key with CERT=$cert does not sign it" \
	"$work/other.key" "$cert"

make sign KEY="$key" CERT="$cert" >"$work/said" 2>&1
is "$?" 0 "make sign: a key and its certificate: signed"
for arch in x86_64 ia32; do
	sbverify --cert "$cert" out/$arch/parapatch-signed.efi >"$work/said" 2>&1
	ok $? "$arch: the signature is the certificate's"
	out/host/pecheck --look out/$arch/parapatch-signed.efi \
		"$(($(size -A out/$arch/parapatch.elf |
		awk '/^.parainstructions/ { print $2 }')))" >"$work/said" 2>&1
	ok $? "$arch: the signed image is still what pecheck wants"
done

# Under icount: nothing depends on the host's load.
readonly quick=(--secure-boot --icount 7 --set 'workloads = irq_save_restore' --set 'offsets = 1'
	--set 'batches = 1' --set 'layouts = dense' --set 'states = warm')

# denied NAME WHAT: the firmware refused what was booted under that name
denied()
{
	is "$status" 14 "$2: not started, status 14"
	is "$(grep -c \
		'run.sh: Secure Boot: the firmware did not start the application, its signature is missing or not trusted: BdsDxe: .*: Access Denied$' \
		"$work/$1.out")" 1 "$2: the runner says why, with the firmware's line"
	is "$(grep -c '^parapatch' "$work/$1.log")" 0 "$2: not a line of the application's was seen"
}

for arch in x86_64 ia32; do
	image=out/parapatch-signed.img
	boot "signed-$arch" --arch $arch "${quick[@]}"
	is "$status" 0 "$arch: signed: runs to its end"
	has "$work/signed-$arch.log" 'secure_boot=on' \
		"$arch: signed: it says that Secure Boot is on"
	all_patched "$work/signed-$arch.log" "$arch: signed: and patches itself"
	is "$(jq -r .context.secure_boot "$work/signed-$arch"/*.json)" on \
		"$arch: signed: so does the report"
	image=out/parapatch.img want_status=14
	boot "unsigned-$arch" --arch $arch "${quick[@]}"
	want_status=0
	denied "unsigned-$arch" "$arch: unsigned"
done

# by IMAGE: a stick with one application
stick() { disk/image.sh "$work/$1.img" "$work/$1.efi=EFI/BOOT/BOOTX64.EFI" \
	disk/parapatch.cfg=parapatch.cfg; image=$work/$1.img; }
want_status=14
disk/sign.sh "$work/other.key" "$work/other.pem" "out/x86_64/parapatch.efi=$work/other.efi"
stick other
boot other "${quick[@]}"
denied other "signed with a key the firmware does not know"
cp out/x86_64/parapatch-signed.efi "$work/changed.efi"
printf '\220' | dd of="$work/changed.efi" bs=1 seek=5000 conv=notrunc status=none
stick changed
boot changed "${quick[@]}"
denied changed "signed, then changed by a byte"

# Without Secure Boot it is one line's word.
image=out/parapatch-signed.img want_status=0
boot off "${quick[@]:1}"
is "$status" 0 "a signed application runs without Secure Boot too"
has "$work/off.log" 'secure_boot=off' "and says that it is off"
finish
