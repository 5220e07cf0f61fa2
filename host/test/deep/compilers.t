#!/bin/bash
# compilers.t: compilers of Debian's suites make images that are the same in what is
# timed: a copy has as many instructions as host/test/exact/exact.tbl says.  The newest GCC and
# Clang of a release, and the installed GCC; more are in host/test/soak/compilers.t.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/build/compilers.sh

try_reference compiled
try_compilers <<TABLE
gcc-14 trixie trixie compiled
clang-19 trixie trixie compiled
TABLE
finish
