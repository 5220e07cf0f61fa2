#!/bin/bash
# refused.t: what the recorder does not take, each with one line, and nothing is left behind.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/mix/known.sh
export LC_ALL=C

known_build known || exit 1
known=$work/known.sites

# refused STATUS TEXT WHAT [OPTION...]: of the list in $work/known.sites
refused()
{
	local wanted=$1 text=$2 what=$3 got=0
	shift 3
	known_record known out "$@" || got=$?
	is "$got $(grep -c '^record' "$work/out.err") $(find "$work" -name 'out.*json*' | wc -l)" \
		"$wanted 1 0" "$what: status $wanted, one line, no file"
	has "$work/out.err" "$text" "and the line says: $text"
}

# with LINE: the list, and that
with() { { cat "$work/good.sites"; echo "$1"; } >"$known"; }

# at SYMBOL [MORE]: its address
at()
{
	local at
	at=$(nm "$work/known.elf" | awk -v s="$1" '$3 == s { print $1 }')
	printf '%x' $((0x$at + ${2:-0}))
}

cp "$known" "$work/good.sites"
with 'site 1000 cli'
refused 3 "$known:11: site wants ADDRESS OP LENGTH" "a site without a length"
with "site $(at site_disable 1) cli 2"
refused 3 "$known: two sites overlap at 0x$(at site_disable 1)" "a site within another"
with "mark begin $(at site_disable)"
refused 3 "recorder: a mark begins a region within one: at 0x$(at site_disable), region 1" \
	"a mark begins a region within one"
with "mark unit $(at _start)"
refused 3 "recorder: a mark ends a unit outside of a region: at 0x$(at _start), region 0" \
	"a unit outside of a region"
with "mark end $(at _start)"
refused 3 "recorder: a mark ends a region, and none has begun: at 0x$(at _start), region 0" \
	"an end without a begin"
with "mark begin $(at handle_soft 1)"
refused 3 "recorder: a mark begins a region within one" "a mark in a handler"

# A guest that ends within a region: the one that begins where it says what it counted.
with "mark begin $(at leave)"
known_record known out
is "$? $(find "$work" -name 'out.*json*' | sed 's/.*out/out/' | sort | paste -sd' ')" \
	"3 out.1.json out.2.json" "a region that is cut short is not written, those before are"
is "$(cat "$work/out.err")" \
	"recorder: region 3 was cut short: the guest ended and its mark did not come; nothing is written" \
	"and the line says so"

cp "$work/good.sites" "$known"
qemu_more=(-smp 2)
refused 3 "recorder: 2 CPUs: one is wanted" "two CPUs"
qemu_more=()
refused 2 "record.sh: $work/no.so: no such file" "no recorder" --recorder "$work/no.so"
refused 2 "record.sh: '1,2': QEMU takes no comma" "a comma" --name 1,2
refused 3 "recorder: kernel=here: not a hexadecimal address" "no address" --kernel here
known_record known out --status 0
is "$? $(cat "$work/out.err")" "1 record.sh: QEMU ended with status 1, and 0 is wanted" \
	"a guest that fails"

# A plugin and a QEMU that do not fit: as this QEMU says it of another plugin, and as later
# ones say it of this.
mkdir "$work/later"
cp host/mix/*.[ch] "$work/later"
sed -i 's/API_VERSION\t1$/API_VERSION\t9/' "$work/later/plugin_api.h"
"${CC:-gcc}" -fPIC -shared -fvisibility=hidden -w -Iinclude -o "$work/later.so" \
	"$work/later"/*.c
! known_record known out --recorder "$work/later.so"
ok $? "a plugin for a later interface is refused"
has "$work/out.err" "does not take this plugin: it is for version 1 of the interface, which QEMU 6.0 to 8.2 have" \
	"and a line says which QEMU do"
cat >"$work/qemu" <<'QEMU'
#!/bin/sh
[ "$1" != --version ] || { echo "QEMU emulator version 10.0.2"; exit 0; }
echo "qemu-system-x86_64: Could not load plugin x.so: plugin requires API version 1, but this QEMU supports only a minimum version of 2" >&2
exit 1
QEMU
chmod +x "$work/qemu"
QEMU=$work/qemu known_record known out
is "$? $(tail -n 1 "$work/out.err")" \
	"3 record.sh: $work/qemu does not take this plugin: it is for version 1 of the interface, which QEMU 6.0 to 8.2 have; this is QEMU emulator version 10.0.2" \
	"a QEMU whose interface is later"
printf '#!/bin/sh\necho "QEMU emulator version 7.2"\n' >"$work/qemu"
QEMU=$work/qemu known_record known out --status 0 >"$work/printed"
is "$? $(cat "$work/out.err")" \
	"1 record.sh: nothing was recorded: the guest passed no marks" "a guest without marks"
finish
