# SPDX-License-Identifier: GPL-2.0-only
# ia32.sh: programs built for ia32, where the kernel runs none; sourced by tests.
#
# A kernel may be built without IA32 emulation: it says "Exec format error".  There QEMU's
# user mode runs them.  LeakSanitizer, which stops its threads by ptrace, does not come to
# its end under it, so leaks are looked for in the programs of x86-64 alone; and what is
# freed is not kept for long: there is little room.
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../../build/help.sh"; only_sourced "$@"; }

# starter PROGRAM: sets starter, the words before it
starter()
{
	starter=()
	case $1 in
	*-ia32.t)
		/lib/ld-linux.so.2 --version >/dev/null 2>&1 ||
			starter=(env QEMU_USER=1 qemu-i386)
		[ ${#starter[@]} = 0 ] || export ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=8 ;;
	esac
}
