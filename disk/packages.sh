#!/bin/bash
# packages.sh: install the Debian packages that are missing, or name them.
# SPDX-License-Identifier: GPL-2.0-only
#
# packages.sh [tests]   tests: those too that "make test" alone needs; asks for a password
#                       where it has to be root and is not
#
# Exit status: 0 all are there; 1 some are not, and their names are on stderr; 2 usage.
set -euo pipefail
. "$(dirname "$0")/../host/build/help.sh"
answer_help '' "$@"
case "${1:-}" in
''|tests) ;;
*)	echo "packages.sh: there is no $1, only tests (--help says more)" >&2
	exit 2 ;;
esac

# For building and running (jq names the folder of a report); then for the tests;
# then for exact mode: Bochs with the display that needs neither X nor a port, and
# a firmware that starts its ia32 machine; then for the fuzzers; then for reading
# kernel images (and, packers, for making some); then for signing.
packages="gcc gcc-multilib libc6-dev make git gnu-efi libstb-dev libjsmn-dev jq \
	qemu-system-x86 ovmf ovmf-ia32 mtools gdisk \
	perl dosfstools xorriso libzydis-dev libjansson-dev bsdutils \
	bochs bochs-term u-boot-qemu \
	clang libclang-rt-dev \
	libelf-dev zlib1g-dev liblzma-dev libbz2-dev libzstd-dev liblz4-dev \
	xz-utils bzip2 zstd lz4 \
	sbsigntool openssl"
# What validates reports, and what runs programs of ia32 where the kernel does not:
# nothing but the tests does.
[ "${1:-}" != tests ] || packages+=" python3-fastjsonschema qemu-user"

missing=()
for p in $packages; do
	dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q '^install ok installed$' ||
		missing+=("$p")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" != 0 ]; then
	if ! sudo -n true 2>/dev/null && ! { [ -t 0 ] && command -v sudo >/dev/null; }; then
		echo "packages missing: ${missing[*]}; as root: apt-get install ${missing[*]}" >&2
		exit 1
	fi
	as_root=(sudo)
fi
echo "installing: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! "${as_root[@]}" apt-get update >"$log" 2>&1 ||
   ! "${as_root[@]}" apt-get install -y --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
	tail -n 3 "$log" >&2
	echo "packages missing: ${missing[*]}; apt-get could not install them: see above" >&2
	exit 1
fi
