# SPDX-License-Identifier: GPL-2.0-only
# suite.sh: packages of another Debian suite or architecture, sourced by what needs them.
#
# apt's own commands fetch and check them, by the suite's signed index, with a state of
# their own under out/suite: nothing is installed, nothing of this machine's is changed,
# and nobody needs to be root.  What was fetched stays there.
#
#	. host/test/suite.sh
#	suite_open trixie amd64
#	folder=$(suite_unpack ovmf)		# one package's files
#	tree=$(suite_tree qemu-system-x86)	# and all that it depends on
#	suite_wrapper "$tree" usr/bin/qemu-system-x86_64 "$work/qemu"
#
# A function that cannot do it says why in one line on stderr, and returns 1.
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../build/help.sh"; only_sourced "$@"; }

suite_root=${SUITE_ROOT:-$PWD/out/suite}

suite_no() { echo "suite.sh: $suite_name $suite_arch: $*" >&2; return 1; }

# suite_apt COMMAND...: one of apt's commands, for the suite that is open
suite_apt()
{
	local command=$1
	shift
	APT_CONFIG=$suite_state/apt.conf "$command" -q "$@"
}

suite_sources()
{
	local key='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
	echo "deb $key http://deb.debian.org/debian $suite_name main"
	case $suite_name in
	bullseye)	;;	# its security archive is no longer where the others' are
	sid|experimental|*-*) ;;
	*) echo "deb $key http://deb.debian.org/debian-security $suite_name-security main" ;;
	esac
}

suite_config()
{
	cat <<END
APT::Architecture "$suite_arch";
#clear APT::Architectures;
APT::Architectures { "$suite_arch"; };
APT::Sandbox::User "root";
APT::Install-Recommends "false";
Acquire::Languages "none";
Dir::State "$suite_state";
Dir::State::lists "$suite_state/lists";
Dir::State::status "/dev/null";
Dir::Cache "$suite_state/cache";
Dir::Etc::sourcelist "$suite_state/sources.list";
Dir::Etc::sourceparts "$suite_state/parts";
END
}

# suite_locked COMMAND...: two tests at once must not fetch the same
suite_locked()
{
	local status=0
	exec {suite_lock}>"$suite_state/lock"
	flock "$suite_lock"
	"$@" || status=$?
	exec {suite_lock}>&-
	return $status
}

# The index is fetched once a day.  One that cannot be had is no error while an older
# one, or another's, names the package.
suite_update()
{
	[ -z "$(find "$suite_state/updated" -mmin -1440 2>/dev/null)" ] || return 0
	suite_apt apt-get update >"$suite_state/apt.log" 2>&1 || true
	[ -n "$(suite_apt apt-cache pkgnames)" ] ||
		suite_no "no index can be had ($(suite_why)); the machine must reach deb.debian.org once" || return 1
	touch "$suite_state/updated"
}

suite_why() { grep -m 1 '^[EW]:' "$suite_state/apt.log" || tail -n 1 "$suite_state/apt.log"; }

# suite_open SUITE ARCH: what the functions below are about
suite_open()
{
	suite_name=$1 suite_arch=$2
	suite_state=$suite_root/$1-$2
	mkdir -p "$suite_state"/{lists,cache/archives,}/partial "$suite_state/parts"
	suite_sources >"$suite_state/sources.list"
	suite_config >"$suite_state/apt.conf"
	suite_locked suite_update
}

# suite_names PATTERN: the packages whose whole name the regular expression fits, by
# version
suite_names() { suite_apt apt-cache pkgnames | grep -xE -- "$1" | sort -V || true; }

# suite_version PACKAGE: which would be fetched
suite_version()
{
	suite_apt apt-cache policy "$1" | sed -n 's/^  Candidate: //p'
}

suite_fetch_one()
{
	local to=$suite_state/$1.deb
	[ -e "$to" ] || {
		rm -rf "$suite_state/new"
		mkdir "$suite_state/new"
		(cd "$suite_state/new" && suite_apt apt-get download "$1") \
			>"$suite_state/apt.log" 2>&1 ||
			suite_no "$1 cannot be downloaded ($(suite_why))" || return 1
		mv "$suite_state/new"/*.deb "$to"
	}
}

# suite_deb PACKAGE: the package's file
suite_deb()
{
	suite_locked suite_fetch_one "$1" && echo "$suite_state/$1.deb"
}

# suite_once FOLDER COMMAND...: COMMAND fills a new folder, which then has that name
suite_once()
{
	local to=$1
	shift
	[ ! -d "$to" ] || return 0
	rm -rf "$to.new"
	mkdir -p "$to.new"
	"$@" "$to.new" || { rm -rf "$to.new"; return 1; }
	mv "$to.new" "$to"
}

suite_fill() { suite_fetch_one "$1" && dpkg-deb -x "$suite_state/$1.deb" "$2"; }

# suite_unpack PACKAGE: the folder with its files
suite_unpack()
{
	suite_locked suite_once "$suite_state/$1" suite_fill "$1" && echo "$suite_state/$1"
}

suite_archives()
{
	suite_apt apt-get install --print-uris -y "$@" 2>/dev/null |
		sed -n "s/^'[^']*' \([^ ]*\.deb\) .*/\1/p"
}

# The last argument is the folder.  Where /bin is /usr/bin, as in every suite from 12 on,
# a package may still have files in /bin.
suite_fill_tree()
{
	local to=${*: -1} file link archives
	set -- "${@:1:$#-1}"
	# Asked first: what has been fetched is not listed.
	rm -f "$suite_state"/cache/archives/*.deb
	archives=$(suite_archives "$@")
	suite_apt apt-get install --download-only -y "$@" >"$suite_state/apt.log" 2>&1 ||
		suite_no "$* cannot be downloaded with all it depends on ($(suite_why))" || return 1
	for link in bin sbin lib lib64; do
		mkdir -p "$to/usr/$link"
		ln -s "usr/$link" "$to/$link"
	done
	for file in $archives; do
		dpkg-deb --fsys-tarfile "$suite_state/cache/archives/$file" |
			tar -x --keep-directory-symlink --no-same-owner -C "$to" ||
			suite_no "$file cannot be unpacked" || return 1
	done
	rm -f "$suite_state"/cache/archives/*.deb
}

# suite_tree PACKAGE...: a folder with their files and those of all that they depend on;
# of packages that ask for recommended ones, name these too
suite_tree()
{
	local to="$suite_state/tree-$*"
	to=${to// /+}
	suite_locked suite_once "$to" suite_fill_tree "$@" && echo "$to"
}

# suite_loader TREE: of its programs; /lib64 may name it from the root on, which is this
# machine's, so it comes last
suite_loader()
{
	local file
	for file in "$1"/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 \
			"$1"/usr/lib*/ld-linux-x86-64.so.2; do
		[ ! -x "$file" ] || { echo "$file"; return; }
	done
	suite_no "$1 has no loader"
}

# suite_wrapper TREE PROGRAM FILE [ARGUMENT...]: FILE becomes a script that runs the
# tree's program by the tree's loader and libraries, with these arguments first
suite_wrapper()
{
	local tree=$1 program=$2 file=$3 loader
	shift 3
	loader=$(suite_loader "$tree") || return 1
	{
		echo '#!/bin/bash'
		printf 'exec %q --library-path %q %q %s "$@"\n' "$loader" \
			"$tree/usr/lib/x86_64-linux-gnu:$tree/lib/x86_64-linux-gnu" \
			"$tree/$program" "$([ $# = 0 ] || printf '%q ' "$@")"
	} >"$file"
	chmod +x "$file"
}
