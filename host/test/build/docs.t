#!/bin/bash
# docs.t: what the pages name is in the tree; and that the check of it can say no.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh

host/build/docs.pl >"$work/said"
is "$?" 0 "the pages name nothing that is not there"
is "$(cat "$work/said")" "" "no line"
is "$(host/build/docs.pl --help | grep -c 'docs.pl .PAGES.: what') $?" "1 0" "it answers --help"

# One copy of the pages, a slip of each kind in it; a line of what is said for each.
pages=$work/pages
mkdir "$pages" "$pages/results"
cp README.md ARCHITECTURE.md REFERENCES.md "$pages"
cp -r docs "$pages"
cp results/*.md "$pages/results"
slip() { sed -i "$2" "$pages/$1"; }		# slip PAGE SED: the page is no longer what it was
add() { printf '\n%s\n' "$2" >>"$pages/$1"; }

add docs/limits.md 'See `core/patch/texts.c`.'
add docs/limits.md 'See `out/parapatsch.img`.'
add docs/limits.md 'See `varies.c`.'
add docs/limits.md 'See `text_opened()` and `struct sitemap_x`.'
add docs/limits.md 'Say `make tests-deep`.'
add docs/limits.md '    make repeat M=20'
add docs/limits.md '    disk/run.sh --image out/parapatch.img --nowait'
add docs/limits.md 'Say `out/host/report --html FILE`, or `--fast`.'
add docs/limits.md 'Say `workload = nop`.'
add docs/limits.md '    backends = native hyper'
add docs/limits.md 'A [link](stik.md), an [anchor](boot.md#nowhere).'
add docs/limits.md 'There are 12 modes.'
slip README.md 's/| 84 |$/| 85 |/'
slip README.md 's/^| save_fl | ccall | 6 | 2 | 5 | 3 |/| save_fl | ccall | 6 | 2 | 6 | 3 |/'
slip README.md 's/^\(save_fl .*\)4\.3/\14.2/'
slip README.md 's/^    restore_fl \(.*\)same$/    restore_fl \1faster/'
slip README.md 's/\[limits.md\](docs\/limits.md)/limits.md/'
for i in $(seq 60); do echo line >>"$pages/README.md"; done
slip docs/patching-cost.md 's/^| 10000 | 1.53 /| 10000 | 1.35 /'
slip docs/reports.md 's,parapatch-report/[0-9]*,parapatch-report/0,'
slip README.md 's/ 208 batches/ 280 batches/'
slip README.md 's/^| `exit` \(.*\)| key |$/| `exit` \1| return |/'
slip docs/adding.md 's,^--- core/patch/mode.c,--- core/patch/modes.c,'
slip docs/output.md '1s/?//'
slip docs/call-sites.md '/^| endbr |/d'
slip docs/configuration.md 's/^| `gap_us` /| `gap_ms` /'
slip docs/reports.md '/^| `gap_bound_ticks` /d'
slip docs/reports.md 's/^| `mad_ticks` /| `mean_ticks` /'

host/build/docs.pl "$pages" >"$work/said"
is "$?" 1 "slips are found"
said() { has "$work/said" "$1" "$2"; }
said 'there is no core/patch/texts.c' "a file"
said 'there is no out/parapatsch.img' "a file that is not built"
said 'no file is named varies.c' "a file's name"
said 'nothing is named text_opened' "a function"
said 'nothing is named sitemap_x' "a structure"
said 'make has no target tests-deep' "a target of make"
said 'make has no variable M' "a variable of make"
said 'disk/run.sh has no option --nowait' "an option of a script"
said 'out/host/report has no option --html' "an option of a program"
said 'nothing has an option --fast' "an option alone"
said 'no key of a configuration: workload' "a key of a configuration"
said 'backends has no hyper' "a name that it takes"
said 'a link to stik.md, which is not there' "a link"
said 'a link to boot.md#nowhere: no such heading' "an anchor"
said '12 modes: the list has 13' "a count"
said 'op: 85, and the list has 84' "a count in the README's table"
said 'exactly it is 6, 2, 5, 3' "an exact result"
said 'the picture is not what results/' "the picture"
said 'scale-0001.json says: | 10000 | 1.53 ' "a measured result"
said 'docs/reports.md:1: the schema is' "the schema"
said '0007.json has 208 batches' "how many batches"
said 'exit is preset to key' "a preset"
is "$(grep -cE '^docs/adding\.md:[0-9]+: there is no core/patch/modes\.c$' "$work/said")" 1 \
	"a file of a diff, and its place"
said 'the row that is explained is not in the picture' "the row that is explained"
said 'docs/limits.md:1: the README does not lead here' "a page nobody finds"
said 'lines, and 200 are enough' "the README's length"
said 'docs/output.md:1: the title is no question' "a page without a question"
said 'under "Modes" lacks endbr' "a row of a list"
said 'under "Keys" lacks gap_us; has gap_ms' "a row of the configuration"
said 'the glossary lacks the key gap_bound_ticks' "a key that is not explained"
said 'no report has a key mean_ticks' "a key that is none"
finish
