#!/bin/bash
# deep.sh: what "make test-deep" runs: the tests that take long, or fetch.
# SPDX-License-Identifier: GPL-2.0-only
#
# deep.sh [TEST...]    all of host/test/deep, or those named: kvm, or its file
#
# The longest first, as prove starts them in this order, two at a time.
#
# Exit status: 0 all are good, and docs/tried.md says what they did; else not; 2 usage.
set -euo pipefail
. "$(dirname "$0")/../build/help.sh"
answer_help '' "$@"
. host/test/tests_named.sh
tests_named host/test/deep "$@"
if [ ${#tests[@]} = 0 ]; then
	for name in compilers exact quiet kernels firmware ops \
		live boot protect kvm emulator volume; do
		[ ! -e host/test/deep/$name.t ] || tests+=(host/test/deep/$name.t)
	done
	for file in host/test/deep/*.t; do
		[[ " ${tests[*]} " = *" $file "* ]] || tests+=("$file")
	done
fi
status=0
prove -j2 --timer "${tests[@]}" || status=$?
host/test/tried.sh --check || status=1
exit $status
