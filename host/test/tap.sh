#!/bin/bash
# tap.sh: runs a test for prove, and keeps what it said in out/test/tap: another test may
# ask for it (host/test/defects.t).
# SPDX-License-Identifier: GPL-2.0-only
#
# tap.sh TEST
#
# Exit status: the test's; 2 usage.
set -u
. "$(dirname "$0")/../build/help.sh"
answer_help '' "$@"
. "$(dirname "$0")/lib/ia32.sh"
at=out/test/tap/${1//\//_}
mkdir -p out/test/tap
starter "$1"
"${starter[@]}" "$1" | tee "$at.new"
status=${PIPESTATUS[0]}
mv "$at.new" "$at"
exit "$status"
