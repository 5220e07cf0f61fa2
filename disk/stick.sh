# SPDX-License-Identifier: GPL-2.0-only
# stick.sh: what the runners share: a working copy of a stick image, its
# configuration and its reports; sourced by run.sh and bochs.sh.
#
# They have: opt (the options, by name), set_lines, work (a folder of their own),
# exit_key (how the guest ends there), and note(), which says a line to people.
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../host/build/help.sh"; only_sourced "$@"; }

usage() { note "$* (--help lists the options)"; exit 2; }

# die STATUS TEXT...
die()
{
	local status=$1
	shift
	note "$*"
	exit "$status"
}

# need PROGRAM PACKAGE
need()
{
	command -v "$1" >/dev/null ||
		die 2 "$1: no such program; install the Debian package $2"
}

# try WHAT COMMAND...: what a tool says is shown only when it fails
try()
{
	local what=$1
	shift
	"$@" </dev/null >"$work/said" 2>&1 ||
		die 2 "$what: $1 says: $(tr -s '\n' ' ' <"$work/said")"
}

# What would fail at the end of a boot is refused before it.
check_files()
{
	local key dir
	for key in image config vars bios; do
		[[ -z ${opt[$key]:-} || -r ${opt[$key]} && -f ${opt[$key]} ]] ||
			die 2 "--$key ${opt[$key]}: no such readable file"
	done
	for key in serial keep-image keep-vars screenshot; do
		dir=$(dirname -- "${opt[$key]:-.}")
		[[ -z ${opt[$key]:-} || -d $dir && -w $dir ]] ||
			die 2 "--$key ${opt[$key]}: no such writable directory"
	done
	[[ -z ${opt[results]:-} ]] || mkdir -p "${opt[results]}" 2>/dev/null ||
		die 2 "--results ${opt[results]}: cannot be made"
}

# A working copy of the stick: sets stick and fat.
prepare_image()
{
	stick=$work/stick.img
	fat=$stick@@1M
	try "copying ${opt[image]}" cp --sparse=always "${opt[image]}" "$stick"
	chmod u+w "$stick"
	try "${opt[image]} is not a stick image (disk/image.sh makes one)" \
		mdir -i "$fat" ::/
	write_config
	take_reports "$work/before"
}

# encoding_of FILE: what is added to it must be in; by its mark, else by the zeros in
# what are letters, as the guest does
encoding_of()
{
	case $(head -c 4 -- "$1" 2>/dev/null | od -An -tx1 | tr -d ' ') in
	00000000) echo UTF-8 ;;
	fffe0000|??000000) echo UTF-32LE ;;
	0000feff|000000??) echo UTF-32BE ;;
	fffe*|??00*) echo UTF-16LE ;;
	feff*|00??*) echo UTF-16BE ;;
	*) echo UTF-8 ;;
	esac
}

# whole_units FILE ENCODING: a file that ends within a character has no place for more
whole_units()
{
	local unit=1
	case $2 in UTF-16*) unit=2 ;; UTF-32*) unit=4 ;; esac
	[[ $(($(stat -c %s -- "$1") % unit)) -eq 0 ]] ||
		die 2 "${opt[config]:-\\parapatch.cfg}: text that is $2 ends within a" \
			"character; save the file anew, as UTF-8"
}

write_config()
{
	local cfg=$work/parapatch.cfg encoding
	rm -f "$cfg"
	if [[ -n ${opt[config]:-} ]]; then
		cat "${opt[config]}" >"$cfg"
	else
		mcopy -n -i "$fat" ::/parapatch.cfg "$cfg" \
			</dev/null >/dev/null 2>&1 || true
	fi
	encoding=$(encoding_of "$cfg")
	[[ ! -e $cfg ]] || whole_units "$cfg" "$encoding"
	# The first, empty line ends a last line that has no newline.
	{
		printf '\n%s' "${set_lines[@]}" "exit = $exit_key"
		echo
	} >"$work/added"
	[[ $encoding == UTF-8 ]] || {
		mv "$work/added" "$work/added.8"
		try "--set" iconv -f UTF-8 -t "$encoding" -o "$work/added" "$work/added.8"
	}
	cat "$work/added" >>"$cfg"
	try '\parapatch.cfg' mcopy -o -i "$fat" "$cfg" ::/parapatch.cfg
}

# take_reports DIR: the reports on the stick; none is fine
take_reports()
{
	rm -rf "$1"
	mkdir "$1"
	mcopy -n -m -i "$fat" '::/parapatch/*.json' "$1/" \
		</dev/null >/dev/null 2>&1 || true
}

# A report already collected is never overwritten: the new one gets a number.
collect_reports()
{
	local file name to n
	[[ -n ${opt[results]:-} ]] || return 0
	take_reports "$work/after"
	for file in "$work"/after/*.json; do
		[[ -f $file ]] || continue
		name=${file##*/}
		! cmp -s "$file" "$work/before/$name" || continue
		to=${opt[results]}/$name n=2
		while [[ -e $to ]]; do
			to=${opt[results]}/${name%.json}-$n.json
			n=$((n + 1))
		done
		try "$to" cp "$file" "$to"
		[[ -n ${opt[brief]:-} ]] || echo "report: $to"
	done
}
