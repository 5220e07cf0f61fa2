#!/usr/bin/perl
# docs.pl [PAGES]: what the pages name is in the tree, or say where it is not.
# SPDX-License-Identifier: GPL-2.0-only
#
# PAGES is a folder that has README.md, docs/ and so on; the tree itself if none is
# given.  Run at the top of the tree.  Prints "PAGE:LINE: what" for each thing that is
# wrong, and exits 1 if there is one.
#
# Of every page: files, identifiers, targets and variables of make, options of scripts,
# keys and values of a configuration, links and their anchors, and counts of what lists
# have.  Tables whose rows are a list's are its rows; the glossary has every key that a
# report is written with; the README's two results are what they are said to be of.
use strict;
use warnings;

if (@ARGV && $ARGV[0] eq '--help') {
	open my $me, '<', $0 or die "docs.pl: $0: $!\n";
	while (<$me>) {
		last unless /^#/;
		print s/^# ?//r unless /^#!|SPDX-/;
	}
	exit 0;
}
die "usage: docs.pl [PAGES]\n" if @ARGV > 1 || @ARGV && $ARGV[0] =~ /^-/;
my $top = $ARGV[0] // '.';
my $bad = 0;

sub complain { my ($page, $line, $what) = @_; print "$page:$line: $what\n"; $bad++ }

sub text_of
{
	my ($path) = @_;
	open my $f, '<', $path or return '';
	local $/;
	return scalar <$f>;
}

# ---- the tree

my @files = grep { -f } map { glob } map { ($_, "$_/*", "$_/*/*", "$_/*/*/*", "$_/*/*/*/*") }
	qw(include core efi host modules disk docs results .ci Makefile);
@files = grep { !m{^host/fuzz/corpus/} } @files;
my %base = map { m{([^/]+)$} ? ($1 => 1) : () } @files;
my @sources = grep { m{^(include|core|efi|host|modules|disk|Makefile|\.ci)}
	&& !m{^host/build/docs\.pl$} } @files;

# Every word of the sources, and what make knows.
my (%word, %target, $rules);
for my $path (@sources) {
	next if $path =~ m{^host/test/build/docs\.t$};
	my $text = text_of($path);
	$word{$_} = 1 for $text =~ /[A-Za-z_][A-Za-z0-9_]*/g;
	next unless $path =~ /(^Makefile|\.mk)$/;
	$rules .= $text;
	$target{$_} = 1
		for map { split } $text =~ /^(?:\.PHONY:\s*)?([a-z][a-z \-]*?):?(?:[^=]|$)/mg,
		$text =~ /^\.PHONY: (.*)$/mg, $text =~ /^([a-z][a-z\-]*):/mg;
}

# names LIST MACRO: the first argument of each line
sub names
{
	my ($list, $macro) = @_;
	return text_of("include/list/$list.def") =~ /^$macro\((\w+)/mg;
}
my %list = (
	op => [names('op', 'OP')], backend => [names('backend', 'BACKEND')],
	mode => [names('mode', 'MODE')], convention => [names('convention', 'CONVENTION')],
	workload => [names('workload', 'WORKLOAD')], layout => [names('layout', 'LAYOUT')],
	state => [names('state', 'STATE')], dropped => [names('dropped', 'DROPPED')],
	skipped => [names('skipped', 'SKIPPED')], why => [names('why', 'WHY')],
	padding => [text_of('include/list/padding.def') =~ /^PADDING\((\w+),\s*1/mg],
	outcome => [text_of('include/list/outcome.def') =~ /^PATCHED\(\w+,\s*"([^"]+)"/mg],
	scale => [map { $_ eq 'each' ? ('each_iret', 'each_cpuid') : $_ } names('scale', 'SCALE')],
);
my %config = map { $_ => 1 }
	text_of('include/list/config.def')
		=~ /^(?:NUMBER|PERCENT|SET|CHOICE|NAMES|PATHS|CPUS)\((\w+)/mg;
my %set = text_of('include/list/config.def') =~ /^SET\((\w+),\s*(\w+)/mg;
my %column = text_of('include/list/workload.def') =~ /^WORKLOAD\((\w+),\s*"([^"]+)"/mg;
my %workload_of = reverse %column;

# ---- what scripts say of their options

my %help;
sub options_of
{
	my ($script) = @_;
	my %main = ('out/host/report' => 'host/report/main.c',
		'out/host/parapatch-image' => 'host/linux/main.c',
			'parapatch-image' => 'host/linux/main.c');

	return $help{$script} //= text_of($main{$script}) if $main{$script};
	# What --help prints is the comment at a script's head.
	return $help{$script} //= text_of($script) =~ /^((?:#[^\n]*\n|\n)+)/ ? $1 : '';
}
my $all_options;
sub any_option
{
	$all_options //= join '',
		map { text_of($_) } (glob 'disk/*.sh host/*/*.sh host/*/main.c core/config/*.c');
	return index($all_options, $_[0]) >= 0;
}

# ---- one page

my (%links, %anchors, @pages, %lines);
sub slug
{
	my ($s) = @_;
	$s = lc $s;
	$s =~ s/`//g;
	$s =~ s/[^\w\- ]//g;
	$s =~ s/ /-/g;
	return $s;
}

# Linux's, Xen's, and of packages.
my %foreign = map { $_ => 1 }
	qw(efi.h jsmn.h stb_sprintf.h svm.c lapic.c vlapic.c x86.c emulate.c msr.c debug.c);

my %built = map { $_ => 1 } qw(out/kernel out/suite out/repeat out/repeat/ out/kernel/ out/ out);
sub check_path
{
	my ($page, $n, $path) = @_;
	$path =~ s/[.,:;]+$//;
	return if -e $path || $built{$path};
	return if grep { /^[A-Z]{2,}$/ } split m{[/.\-]}, $path;
	if ($path =~ m{^out/test/run-(\w+)-(x86_64|ia32)\.t$}) {
		return if (() = glob "host/test/unit/*/run-$1.c");
	} elsif ($path =~ m{^out/(.+)}) {
		my $rest = $1;
		$rest =~ s{^(x86_64|ia32)/}{};
		$rest =~ s/\.(img|efi|log)$//;
		return if index($rules, $rest) >= 0;
	} elsif ($path =~ /[*{]/) {
		return if grep { -e } glob $path;
	}
	complain($page, $n, "there is no $path");
}

sub check_make
{
	my ($page, $n, $words) = @_;
	while ($words =~ /\G\s*((?:[^\s"'`]|"[^"]*"|'[^']*')+)/g) {
		my $w = $1;
		last if $w =~ /^[#;|&(]/;
		next if $w =~ /^-/;
		if ($w =~ /^([A-Z]+)=/) {
			complain($page, $n, "make has no variable $1") unless $rules =~ /\b$1\b/;
		} elsif ($w =~ /^[a-z\-]+[,.:;)]?$/) {
			(my $t = $w) =~ s/[,.:;)]$//;
			complain($page, $n, "make has no target $t") unless $target{$t};
			last if $t ne $w;
		}
		last if $w =~ /[,.:;]$/;
	}
}

sub check_setting
{
	my ($page, $n, $key, $value) = @_;
	return if $key eq 'random_seed' || $key eq 'key';
	return complain($page, $n, "no key of a configuration: $key") unless $config{$key};
	return unless $set{$key} && $list{$set{$key}};
	$value =~ s/#.*//;
	for my $name (split /[\s,]+/, $value) {
		next if $name eq '' || $name eq 'all' || $name =~ /[:A-Z.]/;
		complain($page, $n, "$key has no $name")
			unless grep { $_ eq $name } @{$list{$set{$key}}};
	}
}

sub check_code
{
	my ($page, $n, $code, $block) = @_;

	my $folders = 'include|core|efi|host|modules|disk|docs|results|\.ci|out';
	check_path($page, $n, $1) while $code =~
		m{(?<![\w/.\-\$\\])((?:$folders)/[\w./*\{\},\-]*\w/?)}g;
	my $suffixes = 'c|h|S|def|sh|awk|t|tbl|mk|lds|pl';
	while ($code =~ m{(?<![\w/.\-*\\])([\w\-]+\.(?:$suffixes))(?![\w/])}g) {
		complain($page, $n, "no file is named $1")
			unless $base{$1} || $foreign{$1} || $1 =~ /^[A-Z]{2,}\./;
	}
	check_make($page, $n, $1) while $code =~ /(?:^|[\s;&])make\b((?: +[^`]*)?)/g;
	while ($code =~ m{((?:disk|host)/[\w/]+\.sh|out/host/[\w\-]+|parapatch-image) ([^|;&]*)}g) {
		my ($script, $args) = ($1, $2);
		next unless -e $script || $script !~ m{^(disk|host)/};
		$args =~ s/'[^']*'|"[^"]*"//g;
		$args =~ s/#.*//;
		for my $o ($args =~ /(?<![\w\-])(--[a-z][a-z\-]*)/g) {
			complain($page, $n, "$script has no option $o")
				unless index(options_of($script), $o) >= 0;
		}
	}
	if (!$block && $code =~ /^(--[a-z][a-z\-]*)( [A-Z]+)?$/) {
		complain($page, $n, "nothing has an option $1") unless any_option($1);
	}
	check_setting($page, $n, $1, $2) if $code =~ /^([a-z_]+) = ([\w .]*\w)/;
	if (!$block && $code =~ /^(?:struct |enum )?([A-Za-z]\w*_\w+)(\(\))?$/) {
		my ($name, $call) = ($1, $2);
		complain($page, $n, "nothing is named $name") unless $word{$name};
	} elsif (!$block && $code =~ /^(\w+)\(\)$/) {
		complain($page, $n, "nothing is named $1") unless $word{$1};
	}
}

# What others have: names of Linux, of UEFI, of MSRs.
sub is_foreign { $_[0] =~ /^(EFI_|IA32_|CONFIG_|__raw_|text_poke_early|module_finalize|native_X)/ }

sub read_page
{
	my ($page) = @_;
	my ($fence, $n, $blank) = ('', 0, 1);
	my @lines = split /\n/, text_of("$top/$page"), -1;

	pop @lines if @lines && $lines[-1] eq '';
	$lines{$page} = \@lines;
	for (@lines) {
		$n++;
		if (/^\s*```(\w*)/) {
			$fence = $fence ne '' ? '' : $1 || 'text';
			next;
		}
		if ($fence eq 'diff' && /^--- /) {
			for my $path (/(?<= )([\w.]+\/[\w.\/\-]*\w)/g) {
				complain($page, $n, "there is no $path")
					unless -e $path || /whole file/ || $path =~ /example/;
			}
		}
		next if $fence eq 'diff' || $fence eq 'text';
		if ($fence ne '' || $blank && /^    \S/) {
			(my $code = $_) =~ s/^\s+//;
			check_code($page, $n, $code, 1);
			next;
		}
		$blank = /^\s*$/ || /^    /;
		if (/^#+ (.*)/) {
			my $s = slug($1);
			$anchors{$page}{$s} = 1;
		}
		next if $page eq 'REFERENCES.md';	# it names other trees' files
		for my $code (/`([^`]+)`/g) {
			check_code($page, $n, $code, 0) unless is_foreign($code) || /^Source: /;
		}
		push @{$links{$page}}, [$n, $1] while /\]\(([^)\s]+)\)/g;
		(my $plain = $_) =~ s/`[^`]*`//g;
		my $counted = 'op|backend|mode|convention|workload|padding|layout';
		while ($plain =~ /(?<![\d,.])(\d+) ($counted)s\b/g) {
			my $have = @{$list{$2}};
			complain($page, $n, "$1 $2s: the list has $have") if $1 != $have;
		}
		if (/^\| (?:\[)?(\w+)(?:\]\([^)]*\))? \|.*\| (\d+) \|$/ && $list{$1}
			&& $page eq 'README.md') {
			my $have = @{$list{$1}};
			complain($page, $n, "$1: $2, and the list has $have") if $2 != $have;
		}
	}
}

sub check_links
{
	for my $page (@pages) {
		(my $folder = $page) =~ s{[^/]*$}{};
		for (@{$links{$page} || []}) {
			my ($n, $link) = @$_;
			next if $link =~ /^https?:/;
			my ($path, $anchor) = $link =~ /^([^#]*)(?:#(.*))?$/;
			my $to = $path eq '' ? $page : "$folder$path";
			1 while $to =~ s{(^|/)(?!\.\.)[^/]+/\.\./}{$1};
			if (!-e "$top/$to" && !-e $to) {
				complain($page, $n, "a link to $link, which is not there");
			} elsif (defined $anchor && !$anchors{$to}{$anchor}) {
				complain($page, $n, "a link to $link: no such heading");
			}
		}
	}
}

# ---- tables

# The first cells of the first table behind a heading, without marks.
sub first_cells
{
	my ($page, $heading) = @_;
	my ($on, $in, @cells) = (0, 0);

	for (@{$lines{$page} || []}) {
		$on = 1 if /^#+ \Q$heading\E$/ || $_ eq $heading;
		next unless $on;
		if (/^\| ?([^|]*?) ?\|/) {
			push @cells, $1 unless /^\|-/;
			$in = 1;
		} elsif ($in) {
			last;
		}
	}
	shift @cells;
	return map { s/`//g; split /, / } @cells;
}

sub check_table
{
	my ($page, $heading, $list) = @_;
	my @have = first_cells($page, $heading);
	my ($got, $want) = (join(' ', sort @have), join(' ', sort @$list));

	return if $got eq $want;
	my %have = map { $_ => 1 } @have;
	my %want = map { $_ => 1 } @$list;
	my @lacks = grep { !$have{$_} } @$list;
	my @more = grep { !$want{$_} } @have;
	complain($page, 1, "the table under \"$heading\" "
		. join('; ', @lacks ? "lacks @lacks" : (), @more ? "has @more" : ()));
}

sub check_glossary
{
	my $page = 'docs/reports.md';
	my ($on, $n, %named, %first) = (0, 0);
	my %key;

	for (@{$lines{$page} || []}) {
		$n++;
		$on = 1 if /^## Glossary/;
		next unless $on && /^\|/;
		my ($first) = /^\| ([^|]*) \|/;
		$first{$_} = $n for ($first // '') =~ /`(\w+)`/g;
		$named{$_} = 1 for /`(\w+)`/g;
	}
	for my $path (grep { m{^(core|efi|host/user)/.*\.c$} } @files) {
		$key{$_} = 1 for text_of($path) =~ /\(\s*&?j,\s*"([a-z0-9_]+)"/g;
	}
	$key{$_} = 1
		for text_of('include/list/result_field.def') =~ /^(?:TEXT|COUNT|MICRO)\((\w+)/mg;
	$key{$_} = 1
		for text_of('include/list/comparison_field.def')
			=~ /^(?:WORD|RATIO|DIFFERENCE)\((\w+)/mg;
	complain($page, 1, "the glossary lacks the key $_") for grep { !$named{$_} } sort keys %key;
	complain($page, $first{$_}, "no report has a key $_")
		for grep { !$key{$_} } sort keys %first;
}

sub check_rooms
{
	return unless -e 'host/build/rooms';
	my @rooms = map { /^([a-z][\w\/]*)\s/ ? $1 : () } split /\n/, text_of('host/build/rooms');
	my @have = first_cells('ARCHITECTURE.md', '<!-- rooms: host/build/rooms -->');
	complain('ARCHITECTURE.md', 1,
		"the rooms are not those of host/build/rooms, in its order: @have; @rooms")
		if "@have" ne "@rooms";
}

# ---- the README's results

sub check_exact
{
	my (%row, $on, $n);

	for (`host/exact/exact.sh --print matrix`) {
		my ($arch, $op, $backend, $convention, $mode, $count, $bytes) =
			/^(\S+) (\S+) +(\S+) +(\S+) +(\S+) +(\d+) = .*; \S+ (\d+) \d+$/ or next;
		$row{$op}{$convention}{$mode} = [$count, $bytes]
			if $arch eq 'x86_64' && $backend eq 'native';
	}
	for (@{$lines{'README.md'}}) {
		$n++;
		$on = 1 if /^<!-- exact: x86_64 native -->/;
		last if $on && /^$/;
		next unless $on && /^\| (\S+) \| (\w+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$/;
		my ($op, $convention, @said) = ($workload_of{$1} // $1, $2, $3, $4, $5, $6);
		my $of = $row{$op}{$convention};
		my @want = ($of->{indirect}[1], $row{$op}{native}{native}[0], $of->{indirect}[0],
			$of->{inline}[0]);
		$on = 2;
		complain('README.md', $n, "exactly it is " . join(', ', map { $_ // '-' } @want))
			if grep { ($want[$_] // -1) != $said[$_] } 0 .. 3;
	}
	complain('README.md', 1, "there is no exact result") unless ($on // 0) == 2;
}

sub percent { my $p = ($_[0] - 1) * 100; return sprintf '%s%.1f%%', $p >= 0 ? '+' : '', $p }

sub picture
{
	my ($report, $layout, $state) = @_;
	my (%of, @order, $said);
	my $filter = '.benchmarks[] | select(.role == "cell" and .layout == $l and .state == $s) | '
		. '[.op, .convention, .mode, .site_bytes, .median_ticks, '
		. '.vs.ratio, .vs.ratio_lo, .vs.ratio_hi, .vs.verdict] | @tsv';

	for (`jq -r --arg l $layout --arg s $state '$filter' $report`) {
		chomp;
		my ($op, $convention, $mode, @rest) = split /\t/;
		push @order, [$op, $convention] if $mode eq 'indirect';
		$of{$op}{$convention}{$mode} = \@rest;
	}
	$said = sprintf "%-16s %-6s %2s %6s %6s %8s %6s\n", 'op', 'call', 'B', 'ticks', 'ticks', '',
		'ticks';
	$said .= sprintf "%-26s %6s %6s %8s %6s\n", "$layout, $state", 'normal', 'paravirt', '',
		'paravirt-patch';
	for (@order) {
		my ($op, $convention) = @$_;
		my $indirect = $of{$op}{$convention}{indirect};
		my (undef, $ticks, $ratio, $lo, $hi, $verdict) = @{$of{$op}{$convention}{inline}};
		my $half = $hi - $ratio > $ratio - $lo ? $hi - $ratio : $ratio - $lo;
		$said .= sprintf "%-27s%6.1f %6.1f %8s %6.1f %13s %s\n",
			sprintf('%-16s %-6s %2d', $column{$op}, $convention, $indirect->[0]),
			$of{$op}{native}{native}[1], $indirect->[1], '[' . percent($indirect->[2])
				. ']', $ticks,
			sprintf('[%s+-%.1f]', percent($ratio), $half * 100), $verdict;
	}
	return $said;
}

# The table of what patching costs, ns a site: median and [least..largest] round.
sub check_cost
{
	my $page = 'docs/patching-cost.md';
	my ($report) = grep { m{^results/.*/scale-\d+\.json$} }
		map { $_->[1] =~ s{^\.\./}{}r } @{$links{$page} || []};
	return complain($page, 1, "its table is of no report") unless $report && -e $report;
	my $filter = '(.context.cpu.tsc_hz / 1e9) as $ghz | .scale[] | [.sites, (.ways[] | '
		. 'select(.way == ("memcpy", "words", "apply")) | .way, '
		. '(.ticks | .median, .min, .max | . / $ghz), '
		. '(.of_memcpy | .median, .min, .max))] | @tsv';
	my (%said, $n, $rows);

	for (`jq -r '$filter' $report`) {
		chomp;
		my ($sites, %way) = (split /\t/, $_, 2)[0];
		my @rest = split /\t/;
		shift @rest;
		while (my ($name, @v) = splice @rest, 0, 7) {
			$way{$name} = sprintf '%.2f [%.2f..%.2f]', @v[0 .. 2];
			$way{of} = sprintf '%.2f [%.2f..%.2f]', @v[3 .. 5] if $name eq 'apply';
		}
		$said{$sites} = "| $sites | $way{memcpy} | $way{words} | $way{apply} | $way{of} |";
	}
	for (@{$lines{$page}}) {
		$n++;
		next unless /^\| (\d+) \|.*\[.*\[.*\[.*\[/;
		$rows++;
		complain($page, $n, "$report says: " . ($said{$1} // 'nothing'))
			if ($said{$1} // '') ne $_;
	}
	complain($page, 1, "there is no table of $report") unless $rows;
}

# The presets that the README names are those of the page of all keys.
sub check_presets
{
	my (%preset, $on, $n);

	/^\| `(\w+)` \|.*\| ([^|]*) \|$/ and $preset{$1} = $2
		for @{$lines{'docs/configuration.md'}};
	for (@{$lines{'README.md'}}) {
		$n++;
		$on = /^## parapatch.cfg/ if /^## /;
		next unless $on && /^\| `(\w+)` \|.*\| ([^|]*) \|$/;
		complain('README.md', $n, "$1 is preset to " . ($preset{$1} // 'nothing'))
			if ($preset{$1} // '') ne $2;
	}
}

sub check_schema
{
	my ($schema) = text_of('include/report/report.h') =~ /REPORT_SCHEMA\s+"([^"]+)"/;
	my $text = join "\n", @{$lines{'docs/reports.md'} || []};

	complain('docs/reports.md', 1, "the schema is $schema")
		unless index($text, "`$schema`") >= 0;
}

sub check_picture
{
	my $text = join "\n", @{$lines{'README.md'}};
	return complain('README.md', 1, "there is no picture")
		unless $text =~ /<!-- picture: (\S+), (\w+), (\w+) -->\n```\n(.*?\n)```/s;
	my ($report, $have) = ($1, $4);
	return complain('README.md', 1, "the picture is not of a report: $report")
		unless -e $report;
	my ($layout, $state) = ($2, $3);
	my $want = picture($report, $layout, $state);
	complain('README.md', 1, "the picture is not what $report says:\n$want") if $have ne $want;
	my $rows = qq(select(.layout == "$layout" and .state == "$state"));
	my $batches = `jq '[.benchmarks[] | $rows | .n] | max' $report`;
	chomp $batches;
	complain('README.md', 1, "$report has $batches batches")
		unless $text =~ /\b$batches batches\b/;
	my ($row) = $text =~ /## Reading a row\n\n    (.*)\n/;
	complain('README.md', 1, "the row that is explained is not in the picture")
		unless defined $row && index("\n$want", "\n$row\n") >= 0;
}

# ---- all of it

@pages = map { s{^\Q$top\E/}{}r } grep { -e } map { glob "$top/$_" }
	qw(README.md ARCHITECTURE.md REFERENCES.md docs/*.md results/*.md);
read_page($_) for @pages;
check_links();
for my $page ('README.md', 'ARCHITECTURE.md') {
	my $n = @{$lines{$page} || []};
	complain($page, $n, "$n lines, and 200 are enough") if $n > 200 || !$n;
}
my %linked = map { $_->[1] =~ /^(docs\/\w[^#]*)/ ? ($1 => 1) : () } @{$links{'README.md'}};
for my $page (grep { m{^docs/} } @pages) {
	complain($page, 1, "the README does not lead here") unless $linked{$page};
	complain($page, 1, "the title is no question") unless $lines{$page}[0] =~ /^# .*\?/;
}
check_table('docs/configuration.md', 'Keys', [sort keys %config]);
check_table('docs/call-sites.md', 'Conventions', $list{convention});
check_table('docs/call-sites.md', 'Modes', $list{mode});
check_table('docs/call-sites.md', 'What became of a site', $list{outcome});
check_table('docs/call-sites.md', 'Paddings', $list{padding});
check_table('docs/backends.md', $lines{'docs/backends.md'}[0] // '', $list{backend});
check_table('docs/backends.md', 'What is left out, and why', $list{skipped});
check_table('docs/measuring.md', 'What to do about a question mark', $list{why});
check_table('docs/measuring.md', 'Layouts', $list{layout});
check_table('docs/measuring.md', 'States', $list{state});
check_table('docs/measuring.md', 'When a batch does not count', $list{dropped});
check_table('docs/patching-cost.md', 'What is compared', $list{scale});
check_glossary();
check_rooms();
check_exact();
check_picture();
check_cost();
check_schema();
check_presets();
exit($bad ? 1 : 0);
