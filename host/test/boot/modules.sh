# SPDX-License-Identifier: GPL-2.0-only
# modules.sh: modules as they were built, and what a boot with them must say; sourced
# behind boot.sh.
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../../build/help.sh"; only_sourced "$@"; }

# Every module there is, in the order in which they come from the stick.
modules=()
for def in modules/*/workload.def; do
	modules+=("$(basename "$(dirname "$def")")")
done

# section FILE NAME COLUMN: of readelf's table, a number
section()
{
	echo $((0x$(readelf -SW "$1" | sed 's/^ *\[ *[0-9]*\] *//' |
		awk -v name="$2" -v column="$3" '$1 == name { print $column }')))
}

# alternatives FILE: how many records it has
alternatives()
{
	echo $(($(section "$1" .altinstructions 5) / 16))
}

# ticks NAME OP CONVENTION MODE: of the cell
ticks()
{
	grep "^cell .* role=cell op=$2 .*convention=$3 .*mode=$4 " "$work/$1.log" |
		field median_ticks
}

# timed ARCH NAME: the cells of a module's workloads, all of them
timed()
{
	local arch=$1 name=$2 file=out/$1/modules/$2.ko n=0 op convention mode other=0
	local line sites=$(($(section "$file" .parainstructions 5) / 8))
	line=$(grep "^module name=$name " "$work/$arch.log")
	is "$(field result <<<"$line") $(field built_with <<<"$line")" "unloaded yes" \
		"$arch, $name: loaded, and unloaded: the firmware has its memory back"
	is "$(field sites <<<"$line")" "$sites" \
		"$arch, $name: with all $sites sites that were built"
	is "$(field sha256 <<<"$line")" "$(sha256sum <"$file" | cut -d' ' -f1)" \
		"$arch, $name: its digest is sha256sum's"
	is "$(field alternatives <<<"$line") $(field replaced <<<"$line")" \
		"$(alternatives "$file") $(alternatives "$file")" \
		"$arch, $name: all $(alternatives \
		"$file") alternatives applied: this CPU has RDTSCP"
	is "$(grep "^module-applied name=$name .*mode=inline " "$work/$arch.log" | field inline)" \
		"$sites" "$arch, $name: all were patched inline by the engine"
	is "$(grep "^module-applied name=$name .*mode=direct " "$work/$arch.log" |
		field direct-call)" \
		"$sites" "$arch, $name: and all to direct calls"
	for op in $(sed -n 's/^WORKLOAD.\([a-z0-9_]*\),.*/\1/p' "modules/$name/workload.def"); do
		for convention in seed ccall; do
			for mode in indirect inline direct; do
				n=$((n + $(grep -c \
					"^cell status=ok group=$name:$op/.* role=cell .*convention=$convention .*mode=$mode " "$work/$arch.log")))
				[ "$name" != seed_ops ] ||
					[ -n "$(ticks "$arch" "$op" $convention $mode)" ] &&
					[ "$(ticks "$arch" "$op" $convention $mode)" = \
						"$(ticks "$arch" "$name:$op" $convention $mode)" \
						] ||
					other=$((other + 1))
			done
		done
		n=$((n + $(grep -c "^cell status=ok group=$name:$op/.* role=cell .*mode=native " \
			"$work/$arch.log")))
	done
	is "$n" $((7 * $(grep -c '^WORKLOAD' "modules/$name/workload.def"))) \
		"$arch, $name: a cell for every workload, convention and mode, all ok"
	[ "$name" != seed_ops ] ||
		is "$other" 0 \
			"$arch, $name: as many instructions as the application's own, in every cell"
}

# modules_good ARCH: a boot of that name with all modules
modules_good()
{
	local arch=$1 op name
	is "$status" 0 "$arch: modules = all: runs to its end"
	has "$work/$arch.log" "parapatch end status=complete" "$arch: complete"
	for name in "${modules[@]}"; do
		timed "$arch" "$name"
	done
	is "$(grep -c '^cell ' "$work/$arch.log")" \
		"$(grep -c '^cell status=ok ' "$work/$arch.log")" \
		"$arch: all cells are ok"
	is "$(grep '^parapatch clobbers ' "$work/$arch.log" | field failed)" 0 \
		"$arch: no site of anybody changes a register that it may not"
	[ "$(grep '^parapatch clobbers ' "$work/$arch.log" | field checked)" -gt \
		$((2 * 4 * 2 * 3)) ]
	ok $? "$arch: and the modules' sites were looked at too"
	for op in spin_irqsave nested_irqsave list_irq; do
		[ "$(ticks "$arch" hot_path:$op ccall inline | cut -d. -f1)" -lt \
			"$(ticks "$arch" hot_path:$op ccall indirect | cut -d. -f1)" ]
		ok $? "$arch: $op: fewer instructions patched than through the table"
	done
	is "$(jq -c '[.status, [.modules[] | .name, .result, .why]]' "$work/$arch"/*.json)" \
		"[\"complete\",[$(printf '"%s","unloaded","",' "${modules[@]}" | sed 's/,$//')]]" \
		"$arch: the report has the modules"
	out/host/report "$work/$arch"/*.json >"$work/$arch.check" 2>&1
	ok $? "$arch: its numbers follow from the raw ticks: $(tail -n 1 "$work/$arch.check")"
}
