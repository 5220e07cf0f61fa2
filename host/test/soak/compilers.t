#!/bin/bash
# soak/compilers.t: more compilers and binutils than deep/compilers.t has time for, and of
# its own two every backend, convention, mode and workload.  The newest that sid has goes
# by a pattern.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/build/compilers.sh

try_reference matrix
try_compilers <<TABLE
clang-13 bookworm here compiled
clang-14 here here matrix
clang-15 bookworm here compiled
clang-16 bookworm bullseye compiled
clang-17 trixie trixie compiled
clang-18 trixie trixie compiled
clang-19 trixie trixie matrix
gcc-11 bookworm bullseye matrix
gcc-12 trixie trixie compiled
gcc-13 trixie bullseye matrix
gcc-14 trixie trixie matrix
gcc-15 sid sid compiled
gcc-16 sid sid compiled
clang-[0-9]+ sid sid compiled
TABLE
finish
