# SPDX-License-Identifier: GPL-2.0-only
# nested.sh: KVM where there is none: a Linux in QEMU's TCG, whose emulated CPU has AMD's
# virtualisation (SVM), loads kvm-amd, and this machine's own QEMU runs in it, under KVM.
# Sourced by tests, after boot.sh.
#
#	nested_prepare [TREE]		# once a test: sets nested
#	nested_boot NAME STICK [FIRMWARE [WORDS]]
#
# The Linux is Debian's, for clouds, its tools are busybox and this machine's own programs,
# all in one file in memory that nobody needs to be root for.  What is run in it is
# disk/make-run.sh: what "make run" does, untouched.
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../../build/help.sh"; only_sourced "$@"; }

. host/test/suite.sh

nested_kernels='linux-image-6\.1\.0-[0-9]+-cloud-amd64'
# What disk/*.sh call, and nested_init().
nested_programs='bash awk basename cat chmod cmp cp cut date dd dirname env grep head iconv jq ln
	ls mkdir mkfifo mktemp mv od rm sed sleep sort stat tail tee tr truncate uniq wc
	qemu-system-x86_64 mtools'

# nested_prepare: what all boots have in common.  Any that fails says why, and so does
# this, which is then false.
nested_prepare()
{
	local kernel
	nested=$work/nested
	suite_open bookworm amd64 || return 1
	kernel=$(suite_names "$nested_kernels" | tail -n 1)
	[ -n "$kernel" ] || suite_no "there is no kernel $nested_kernels" || return 1
	kernel=$(suite_unpack "$kernel") || return 1
	nested_busybox=$(suite_unpack busybox-static)/bin/busybox || return 1
	nested_cpio=$(suite_unpack cpio)/bin/cpio || return 1
	nested_vmlinuz=$(echo "$kernel"/boot/vmlinuz-*)
	nested_folders
	nested_put $nested_programs || return 1
	nested_data "$kernel"
	nested_archive "$nested/tree" >"$nested/base.cpio"
}

nested_folders()
{
	local name
	mkdir -p "$nested"/tree/usr/{bin,share/{qemu,OVMF,u-boot}} \
		"$nested"/tree/{proc,sys,dev,tmp,modules,parapatch/out}
	for name in bin sbin usr/sbin; do
		ln -s "$(case $name in usr/*) echo bin ;; *) echo usr/bin ;; esac)" \
			"$nested/tree/$name"
	done
}

# nested_put PROGRAM...: this machine's, with the libraries they load
nested_put()
{
	local name file library
	for name; do
		file=$(command -v "$name") || { echo "nested.sh: no program $name" >&2; return 1; }
		cp -L "$file" "$nested/tree/usr/bin/$name"
		for library in $(ldd "$file" 2>/dev/null | grep -o '/[^ ]*'); do
			mkdir -p "$nested/tree/${library%/*}"
			cp -Lu "$library" "$nested/tree$library"
		done
	done
}

# nested_data KERNEL: what those open
nested_data()
{
	local root=$nested/tree name gconv
	cp "$nested_busybox" "$root/usr/bin/"
	for name in insmod mount poweroff stty; do
		ln -s busybox "$root/usr/bin/$name"
	done
	for name in mcopy mdir; do
		ln -s mtools "$root/usr/bin/$name"
	done
	for name in virt/lib/irqbypass arch/x86/kvm/kvm arch/x86/kvm/kvm-amd; do
		cp "$1"/lib/modules/*/kernel/$name.ko "$root/modules/"
	done
	# mtools asks for the code page of DOS's names.
	gconv=/usr/lib/x86_64-linux-gnu/gconv
	mkdir -p "$root$gconv"
	cp -r $gconv/gconv-modules* $gconv/{IBM850,UTF-16}.so "$root$gconv/"
	cp /usr/share/qemu/{kvmvapic,linuxboot_dma}.bin /usr/share/seabios/vgabios-stdvga.bin \
		"$root/usr/share/qemu/"
	cp /usr/share/OVMF/OVMF{,32}_{CODE,VARS}_4M*.fd "$root/usr/share/OVMF/"
	for name in x86 x86_64; do
		cp /usr/lib/u-boot/qemu-$name/u-boot.rom "$root/usr/share/u-boot/$name.rom"
	done
	mkdir -p "$root/parapatch/host/build"
	cp -r disk "$root/parapatch/"
	cp host/build/help.sh "$root/parapatch/host/build/"
	nested_init >"$root/init"
	nested_qemu >"$root/usr/bin/qemu-nested"
	chmod +x "$root/init" "$root/usr/bin/qemu-nested"
}

# nested_archive FOLDER: as the kernel unpacks it
nested_archive()
{
	(cd "$1" && find . -mindepth 1 | sort | "$nested_cpio" --quiet -o -H newc -R 0:0)
}

# The first process.  What it says goes to the first port, what "make run" leaves to the
# second.
nested_init()
{
	cat <<'END'
#!/bin/bash
export PATH=/usr/bin HOME=/
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
ln -s /proc/self/fd /dev/fd
for module in irqbypass kvm kvm-amd; do
	insmod /modules/$module.ko || echo "nested: $module is not loaded"
done
cd /parapatch
. /boot.sh
disk/make-run.sh parapatch.img "$arch" $limits
echo "nested: status $?"
stty -F /dev/ttyS1 raw
for file in out/serial-*.log results/*/*.json; do
	echo "file $file $(stat -c %s "$file")"
	cat "$file"
done >/dev/ttyS1
poweroff -f
END
}

# QEMU as run.sh calls it, but with another firmware ($firmware, empty for that one) or
# other words ($words: of the machine's).
nested_qemu()
{
	cat <<'END'
#!/bin/bash
args=()
for ((i = 1; i <= $#; i++)); do
	word=${!i} next=$((i + 1)) next=${!next:-}
	case $word,$next in
	-machine,*)
		args+=(-machine "${next%%,smm=on}$words")
		i=$((i + 1)) ;;
	-cpu,host*)
		args+=(-cpu "host$cpu_words${next#host}")
		i=$((i + 1)) ;;
	-drive,if=pflash,*unit=0,*)
		if [ -n "$firmware" ]; then
			args+=(-bios "$firmware")
		else
			args+=(-drive "$next")
		fi
		i=$((i + 1)) ;;
	-drive,if=pflash,*|-global,*)
		[ -n "$firmware" ] || args+=("$word" "$next")
		i=$((i + 1)) ;;
	*)	args+=("$word") ;;
	esac
done
exec qemu-system-x86_64 "${args[@]}"
END
}

# nested_stick FILE SETTING...: the image, with these lines in its configuration
nested_stick()
{
	local file=$1
	shift
	cp --sparse=always "$image" "$file"
	MTOOLS_SKIP_CHECK=1 mcopy -n -i "$file@@1M" ::/parapatch.cfg "$work/cfg" </dev/null
	chmod u+w "$work/cfg"
	printf '%s\n' '' "$@" >>"$work/cfg"
	MTOOLS_SKIP_CHECK=1 mcopy -o -i "$file@@1M" "$work/cfg" ::/parapatch.cfg </dev/null
}

# nested_machine NAME: the emulated CPU and the Linux in it; sets nested_status.  The runner
# in there ends what hangs, so 124 is a Linux that has stopped itself: seen once in some
# twenty boots, with QEMU 7.2 idle.
nested_machine()
{
	timeout "${nested_limit_s:-330}" "${nested_outer:-qemu-system-x86_64}" -nodefaults \
		-no-user-config \
		-no-reboot -machine q35 -accel tcg,thread=multi -cpu max,-la57 -smp 1 -m 1536 \
		-display none -nic none -kernel "$nested_vmlinuz" -initrd "$work/nested-$1.cpio" \
		-append 'console=ttyS0 panic=-1 mitigations=off nokaslr no_timer_check quiet' \
		-serial "file:$work/$1.raw" -serial "file:$work/$1.files" \
		</dev/null >"$work/$1.qemu" 2>&1
	nested_status=$?
}

# nested_boot NAME ARCH STICK [VARIABLE=VALUE...]: "make run ARCH=..." in there, with these
# variables of nested_qemu(), and with limits for a machine that is busy.
# $work/NAME.console is what came over its console; $work/NAME.log, $work/NAME.json the
# application's serial log and report, if there are any
nested_boot()
{
	local name=$1 dir=$work/nested-$1
	mkdir -p "$dir/parapatch"
	cp --sparse=always "$3" "$dir/parapatch/parapatch.img"
	{
		echo "arch=$2 limits='${nested_limits:---hang 100 --timeout 240}'"
		printf 'export %s\n' QEMU=qemu-nested firmware= words= cpu_words= "${@:4}"
	} >"$dir/boot.sh"
	{ cat "$nested/base.cpio"; nested_archive "$dir"; } >"$dir.cpio"
	nested_machine "$name"
	if [ $nested_status = 124 ]; then
		echo "# nested.sh: $name: the Linux around it stands still; once more"
		nested_machine "$name"
	fi
	rm -rf "$dir" "$dir.cpio"
	tr -d '\r' <"$work/$name.raw" >"$work/$name.console"
	nested_files "$name"
}

# A line "file PATH BYTES" before each.
nested_files()
{
	perl -e '
		my ($files, $out) = @ARGV;
		open my $in, "<:raw", $files or exit;
		while (my $line = <$in>) {
			my ($path, $bytes) = $line =~ /^file (\S+) (\d+)$/ or exit;
			read $in, my $data, $bytes;
			my $to = $path =~ /\.json$/ ? "json" : "log";
			$data =~ tr/\r//d if $to eq "log";
			open my $file, ">:raw", "$out.$to" or exit 1;
			print $file $data;
		}' "$work/$1.files" "$work/$1"
}
