#!/bin/bash
# help.t: every script of disk/ and host/ answers --help, and an unknown option with one
# line and status 2; whoever adds a script adds that.  Nor is a name taken that is none.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
shopt -s nullglob globstar

scripts=(disk/**/*.sh host/**/*.sh)
[ ${#scripts[@]} -gt 25 ]
ok $? "there are scripts: ${#scripts[@]}"

# ask SCRIPT ARGUMENT: status, $work/said, $work/err; nothing is read, and no make is above
ask()
{
	status=0
	timeout 10 bash "$1" "$2" </dev/null >"$work/said" 2>"$work/err" || status=$?
}

for script in "${scripts[@]}"; do
	name=${script##*/}
	ask "$script" --help
	is "$status $(head -n 2 "$work/err")" "0 " "$script --help: status 0, and no complaint"
	[[ $(head -n 1 "$work/said") == "$name"* ]]
	ok $? "$script --help: begins with its name"
	grep -q 'xit status' "$work/said"
	ok $? "$script --help: says its exit status"
	is "$(awk 'length($0) > 100' "$work/said")" "" "$script --help: no line is longer than 100"
	# What it is given, of one that is run: its name and arguments, or that it has none.
	if [ -x "$script" ]; then
		grep -qE "^$name( [-[A-Z]|:? *no arguments| run )|no arguments" "$work/said"
		ok $? "$script --help: says its arguments"
	fi
	ask "$script" --no-such-option
	is "$status $(wc -l <"$work/err") $(wc -c <"$work/said")" "2 1 0" \
		"$script --no-such-option: status 2, one line"
	grep -q "^$name: .*--help" "$work/err"
	ok $? "$script --no-such-option: in its name, and where there is more"
done
# A test that there is not: nothing is run, and nothing is added to the log.
log=$(sha256sum docs/soak.log)
for part in deep soak; do
	ask host/test/$part.sh nosuch
	none="^$part.sh: there is no host/test/$part/nosuch.t; there are: .*kvm"
	is "$status $(wc -l <"$work/err") $(grep -c "$none" "$work/err")" "2 1 1" \
		"$part.sh: a test that is not there: one line, with those that are"
done
is "$(sha256sum docs/soak.log)" "$log" "and the log is as it was"
is "$(git status --porcelain --untracked-files=all -- disk host docs results |
	grep -c "^?? .*no-such")" 0 "nothing was made by that name"
finish
