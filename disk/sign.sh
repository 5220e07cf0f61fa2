#!/bin/bash
# sign.sh KEY CERT UNSIGNED=SIGNED...: sign applications for Secure Boot.
# SPDX-License-Identifier: GPL-2.0-only
#
# KEY and CERT are PEM files; a key with a passphrase has it asked for.  Each
# SIGNED is verified with CERT before it gets its name, so that a key that is not
# CERT's leaves nothing behind.
#
# Exit status: 0 signed; 1 not, and no SIGNED was changed; 2 usage.

set -euo pipefail
export LC_ALL=C
. "$(dirname "$0")/../host/build/help.sh"
answer_help '' "$@"

fail()
{
	echo "sign.sh: $*" >&2
	exit 1
}

# readable NAME WHAT FILE
readable()
{
	[[ -n $3 ]] || fail "no $1; say $1=FILE, $2 (PEM)"
	[[ -f $3 && -r $3 ]] || fail "$1=$3: no such readable file; it is to be $2 (PEM)"
}

# Its last words are in said.
quietly()
{
	"$@" >"$work/said" 2>&1 || {
		said=$(grep -v '^$' "$work/said" | tail -n 1)
		return 1
	}
}

sign()
{
	local new=$work/$2
	quietly sbsign --key "$key" --cert "$cert" --output "$new" "$1" &&
		[[ -s $new ]] && quietly sbverify --cert "$cert" "$new" ||
		fail "$1: KEY=$key with CERT=$cert does not sign it: ${said:-no reason given}"
}

# A passphrase is asked for on the terminal.
askable()
{
	! grep -qa ENCRYPTED "$key" || { : </dev/tty; } 2>/dev/null ||
		fail "KEY=$key: has a passphrase, and there is no terminal to ask for it;" \
			"openssl pkey -in KEY -out FILE writes it without"
}

[[ $# -ge 3 ]] || {
	echo "sign.sh: usage: sign.sh KEY CERT UNSIGNED=SIGNED..." >&2
	exit 2
}
key=$1 cert=$2
shift 2
readable KEY "the private key" "$key"
readable CERT "its certificate" "$cert"
askable
command -v sbsign >/dev/null ||
	fail "sbsign is not in PATH; install the Debian package sbsigntool"
work=$(mktemp -d) said=
trap 'rm -rf "$work"' EXIT
quietly openssl x509 -in "$cert" -noout || fail "CERT=$cert: is no certificate (PEM)"
n=0
for pair in "$@"; do
	sign "${pair%=*}" "$n"
	n=$((n + 1))
done
n=0
for pair in "$@"; do
	cp "$work/$n" "${pair##*=}" 2>/dev/null || fail "${pair##*=}: cannot be written"
	n=$((n + 1))
done
