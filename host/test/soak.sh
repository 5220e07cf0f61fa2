#!/bin/bash
# soak.sh: what "make soak" runs: the tests that take hours.  Its log is added to
# docs/soak.log, to be committed.
# SPDX-License-Identifier: GPL-2.0-only
#
# soak.sh [TEST...]    all of host/test/soak, or those named: kvm, or its file
#
# Exit status: that of prove, 0 if all are good; 2 usage.
set -euo pipefail
. "$(dirname "$0")/../build/help.sh"
answer_help '' "$@"
. host/test/tests_named.sh
readonly log=docs/soak.log
tests_named host/test/soak "$@"
[ $# -gt 0 ] || tests=(host/test/soak/*.t)
set -- "${tests[@]}"
new=$(mktemp)
trap 'rm -f "$new"' EXIT
status=0
prove --timer -v "$@" 2>&1 | tee "$new" || status=$?
{
	printf '\n== %s, commit %s, %s CPUs: %s\n' "$(date -u +'%Y-%m-%d %H:%M UTC')" \
		"$(git describe --always --dirty)" "$(nproc)" "$*"
	grep -vE '^ok ' "$new"
	printf '%s tests were good\n' "$(grep -cE '^ok [0-9]' "$new" || true)"
} >>"$log"
exit $status
