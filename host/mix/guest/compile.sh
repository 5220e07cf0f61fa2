#!/bin/dash
# compile.sh OBJECT: what row "compile" starts: compiled.c becomes OBJECT.  For the guest, which
# has these paths.
# SPDX-License-Identifier: GPL-2.0-only
#
# Exit status: the assembler's, or the compiler's if that failed.
case $1 in
--help)	echo 'compile.sh OBJECT: for the guest; exit status: that of its programs'; exit 0 ;;
-*)	echo "compile.sh: there is no option $1 (--help says more)" >&2; exit 2 ;;
esac
# It has no headers to read, not even the C library's own first one.
/usr/lib/gcc/cc1 -quiet -fpreprocessed -O2 -o "$1.s" /mix/compiled.c && /usr/bin/as -o "$1" "$1.s"
