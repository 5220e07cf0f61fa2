# SPDX-License-Identifier: GPL-2.0-only
# kernel_images.sh: tiny kernels with each era's records, made with the assembler;
# sourced by tests.  What is in them is written here, and not taken from the tool.
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../../build/help.sh"; only_sourced "$@"; }

# Where sections are; a kernel's are as close to each other.
kernel_lds()
{
	cat <<'END'
SECTIONS
{
	. = BASE;
	.text : { *(.text) }
	.init.text : { *(.init.text) }
	.altinstr_replacement : { *(.altinstr_replacement) }
	.altinstr_aux : { *(.altinstr_aux) }
	.rodata : { *(.rodata) }
	.data : { *(.data) }
	__ex_table : { *(__ex_table) }
	.return_sites : { *(.return_sites) }
	.retpoline_sites : { *(.retpoline_sites) }
	.call_sites : { *(.call_sites) }
	.ibt_endbr_seal : { *(.ibt_endbr_seal) }
	runtime_ptr_most : { *(runtime_ptr_most) }
	.smp_locks : { *(.smp_locks) }
	.parainstructions : { *(.parainstructions) }
	.altinstructions : { *(.altinstructions) }
	/DISCARD/ : { *(.note*) *(.comment) *(.eh_frame) }
}
END
}

# kernel_link BITS SOURCE IMAGE: SOURCE is assembled and linked as a kernel; stripped, but
# if symbols is set
kernel_link()
{
	local bits=$1 source=$2 image=$3 base=0xffffffff81000000 format=elf_x86_64
	[ "$bits" = 64 ] || { base=0xc1000000; format=elf_i386; }
	kernel_lds >"$image.lds"
	gcc "-m$bits" -x assembler -c -o "$image.o" "$source" &&
		ld -m $format -n --no-warn-rwx-segments --build-id=none -e 0 \
			--defsym BASE=$base -T "$image.lds" -o "$image" "$image.o" \
			2>"$image.log" &&
		{ [ -n "${symbols-}" ] || strip "$image"; } && rm -f "$image.o" "$image.lds" \
			"$image.log"
}

# The 2006 patch: 4 types, records of 6 bytes, aligned before each.
kernel_seed()
{
	cat <<'END'
	.macro site op type
	771: push %eax; push %ecx; push %edx
	call *\op
	pop %edx; pop %ecx; pop %eax
	772:
	.pushsection .parainstructions, "a"
	.align 4
	.long 771b
	.byte \type
	.byte 772b - 771b
	.popsection
	.endm
	.text
f:	ret
	site irq_disable 0
	site irq_enable 1
	.byte 0x90
	site restore_fl 2
	site irq_disable 0
	.section .init.text, "ax"
	site save_fl 3
	.data
	.long f
irq_disable: .long f
irq_enable:  .long f
save_fl:     .long f
restore_fl:  .long f
END
}

# 2.6.20: 7 types, and what registers may change; alternatives by pointers.
kernel_2_6_20()
{
	cat <<'END'
	.macro record type clobbers
	772:
	.pushsection .parainstructions, "a"
	.long 771b
	.byte \type
	.byte 772b - 771b
	.short \clobbers
	.popsection
	.endm
	.text
f:	ret
	771: push %ecx; push %edx; call *irq_disable; pop %edx; pop %ecx
	record 0 1
	771: push %ecx; push %edx; call *%cs:irq_enable; pop %edx; pop %ecx
	record 1 0
	771: push %ecx; push %edx; call *save_fl; pop %edx; pop %ecx
	record 3 1
	771: jmp *%cs:iret
	record 5 7
	771: jmp *sti_sysexit
	record 6 7
	881: lock addl $0, (%esp)
	882:
	.section .altinstr_replacement, "ax"
	883: mfence
	884:
	.section .altinstructions, "a"
	.long 881b, 883b
	.byte 26, 882b - 881b, 884b - 883b
	.byte 0
	.data
irq_disable: .long f
irq_enable:  .long f
save_fl:     .long f
iret:        .long f
sti_sysexit: .long f
END
}

# 2.6.24 to 5.10 on x86-64: the last record is 4 bytes shorter.  The order of its ops is
# nobody's.
kernel_5()
{
	cat <<'END'
	.macro site op insn=call
	771: \insn *pv_ops + 8 * \op
	772:
	.pushsection .parainstructions, "a"
	.balign 8
	.quad 771b
	.byte \op
	.byte 772b - 771b
	.short 1
	.popsection
	.endm
	.text
f:	ret
	site 34
	site 36
	site 37
	site 34
	site 31 jmp
	.pushsection .altinstructions, "a"
	.long 881f - ., 884f - .
	.short 117
	.byte 3, 3, 0
	.popsection
	881: .byte 0x90, 0x90, 0x90
	.section .altinstr_replacement, "ax"
	884: lfence
	.data
pv_ops:	.rept 85
	.quad f
	.endr
END
}

# Ops of releases, in their order, as their headers have them; what tests hold names
# against.  Source: Linux, arch/x86/include/asm/paravirt_types.h.
ops_cpu_tables='load_tr_desc load_gdt load_idt set_ldt store_tr load_tls load_gs_index
	write_ldt_entry write_gdt_entry write_idt_entry alloc_ldt free_ldt load_sp0'
ops_cpu="get_debugreg set_debugreg read_cr0 write_cr0 write_cr4 $ops_cpu_tables"
ops_msr='cpuid read_msr write_msr read_msr_safe write_msr_safe read_pmc'
ops_switch='start_context_switch end_context_switch'
ops_tlb='flush_tlb_user flush_tlb_kernel flush_tlb_one_user'
ops_cr='read_cr2 write_cr2 read_cr3 write_cr3'
ops_pages='pgd_alloc pgd_free alloc_pte alloc_pmd alloc_pud alloc_p4d
	release_pte release_pmd release_pud release_p4d set_pte'
ops_values='ptep_modify_prot_start ptep_modify_prot_commit pte_val make_pte pgd_val make_pgd
	set_pud pmd_val make_pmd pud_val make_pud set_p4d'
ops_5_levels='p4d_val make_p4d set_pgd'
ops_lazy='lazy_mode_enter lazy_mode_leave lazy_mode_flush'
ops_locks='queued_spin_lock_slowpath queued_spin_unlock wait kick vcpu_is_preempted'
ops_io='invalidate_io_bitmap update_io_bitmap'

# ops_of RELEASE: 5.4, 5.10, 6.1, 6.12, 6.16, 7.0, 7.2, 7.3 for x86-64 with Xen PV and page
# tables of 5 levels; -4 has 4 levels; -bare has not Xen PV.  A - is a word that is no
# function.
ops_of()
{
	local levels=$ops_5_levels
	[ "${1%-4}" = "$1" ] || levels=
	echo $(case $1 in
	5.4|5.4-4)
		echo "patch sched_clock steal_clock io_delay $ops_cpu set_iopl_mask wbinvd $ops_msr
			usergs_sysret64 iret swapgs $ops_switch save_fl restore_fl irq_disable
			irq_enable safe_halt halt $ops_tlb flush_tlb_others tlb_remove_table
			exit_mmap $ops_cr activate_mm dup_mmap $ops_pages set_pte_at set_pmd
			$ops_values $levels $ops_lazy set_fixmap $ops_locks" ;;
	5.10|5.10-4)
		echo "patch sched_clock steal_clock io_delay $ops_cpu $ops_io wbinvd $ops_msr iret
			$ops_switch save_fl restore_fl irq_disable irq_enable safe_halt halt
			$ops_tlb flush_tlb_others tlb_remove_table exit_mmap $ops_cr
			activate_mm dup_mmap $ops_pages set_pmd $ops_values $levels $ops_lazy
			set_fixmap $ops_locks" ;;
	6.1|6.1-4|6.12|6.12-4)
		echo "io_delay $ops_cpu $ops_io wbinvd $ops_msr $ops_switch save_fl irq_disable
			irq_enable safe_halt halt $ops_tlb flush_tlb_multi tlb_remove_table
			exit_mmap notify_page_enc_status_changed $ops_cr"
		case $1 in
		6.12*) echo enter_mmap ;;
		*)     echo 'activate_mm dup_mmap' ;;
		esac
		echo "$ops_pages set_pmd $ops_values $levels $ops_lazy set_fixmap $ops_locks" ;;
	6.1-bare)
		echo "io_delay $ops_tlb flush_tlb_multi tlb_remove_table exit_mmap
			notify_page_enc_status_changed $ops_locks" ;;
	5.10-bare)
		echo "patch sched_clock steal_clock io_delay $ops_tlb flush_tlb_others
			tlb_remove_table exit_mmap $ops_locks" ;;
	6.16|7.0|7.2|7.3)
		case $1 in 6.16|7.0) echo io_delay ;; esac
		echo "$ops_cpu $ops_io $ops_msr $ops_switch save_fl irq_disable irq_enable
			safe_halt halt $ops_tlb flush_tlb_multi exit_mmap
			notify_page_enc_status_changed $ops_cr enter_mmap $ops_pages set_pmd
			$ops_values $levels"
		case $1 in
		7.[23]) echo 'lazy_mode_flush set_fixmap' ;;
		*)      echo "$ops_lazy set_fixmap" ;;
		esac
		case $1 in
		6.16)    echo "$ops_locks" ;;
		7.0|7.2) echo "- - $ops_locks" ;;
		7.3)     echo '- - wait kick vcpu_is_preempted' ;;
		esac ;;
	6.16-bare)
		echo "io_delay safe_halt halt $ops_tlb flush_tlb_multi exit_mmap
			notify_page_enc_status_changed $ops_locks" ;;
	esac)
}

# native_of OP: instructions of bare metal's function, x86-64; "nothing", "argument": that
# function.  A compiler's are longer.
native_of()
{
	case $1 in
	alloc_ldt|free_ldt|set_iopl_mask|*_context_switch|exit_mmap|notify_*|activate_mm|dup_mmap|\
	enter_mmap|pgd_free|alloc_p*|release_p*|lazy_mode_*|wait|kick)	echo nothing ;;
	p??_val|make_p??)	echo argument ;;
	get_debugreg)	echo 'test %edi, %edi; jne 9f; mov %db0, %rax; ret; 9: mov %db7, %rax' ;;
	set_debugreg)	echo 'test %edi, %edi; jne 9f; mov %rsi, %db0; ret; 9: mov %rsi, %db7' ;;
	read_cr?)	echo "mov %${1#read_}, %rax" ;;
	write_cr?)	echo "mov %rdi, %${1#write_}" ;;
	load_tr_desc)	echo \
		'sgdt -16(%rsp); lgdt -32(%rsp); mov $64, %eax; ltr %ax; lgdt -16(%rsp)' ;;
	load_gdt)	echo 'lgdt (%rdi)' ;;
	load_idt)	echo 'lidt (%rdi)' ;;
	set_ldt)	echo 'test %esi, %esi; jne 9f; xor %eax, %eax; lldt %ax; ret; 9: mov $72, %eax; lldt %ax' ;;
	store_tr)	echo 'str %eax' ;;
	wbinvd)		echo wbinvd ;;
	cpuid)		echo 'push %rbx; mov (%rdi), %eax; cpuid; mov %eax, (%rdi); pop %rbx' ;;
	read_msr)	echo 'mov %edi, %ecx; 77: rdmsr; extable 77b 9' ;;
	write_msr)	echo 'mov %edi, %ecx; 77: wrmsr; extable 77b 8' ;;
	read_msr_safe)	echo 'mov %edi, %ecx; 77: rdmsr; extable 77b 11; mov %eax, (%rsi)' ;;
	write_msr_safe)	echo 'mov %edi, %ecx; 77: wrmsr; extable 77b 10; xor %eax, %eax' ;;
	read_pmc)	echo 'mov %edi, %ecx; rdpmc' ;;
	usergs_sysret64) echo 'swapgs; sysretq' ;;
	iret)		echo iretq ;;
	swapgs)		echo swapgs ;;
	save_fl)	echo 'pushf; pop %rax' ;;
	restore_fl)	echo 'push %rdi; popf' ;;
	irq_disable)	echo cli ;;
	irq_enable)	echo sti ;;
	safe_halt)	echo 'sti; hlt' ;;
	halt)		echo hlt ;;
	flush_tlb_one_user) echo 'invlpg (%rdi)' ;;
	flush_tlb_user)	echo 'mov %cr3, %rax; mov %rax, %cr3' ;;
	flush_tlb_kernel) echo 'mov %cr4, %rax; xor $128, %rax; mov %rax, %cr4' ;;
	io_delay)	echo 'cmpl $1, %gs:4; jne 9f; out %al, $0x80; 9: nop' ;;
	pgd_alloc|steal_clock) echo 'xor %eax, %eax' ;;
	set_p?d|set_pte) echo 'mov %rsi, (%rdi)' ;;
	set_pte_at)	echo 'mov %rcx, (%rdx)' ;;
	ptep_modify_prot_start)	echo 'xor %eax, %eax; xchg %rax, (%rdx)' ;;
	queued_spin_unlock|vcpu_is_preempted)
		echo 'push %rcx; push %rdx; call plain; pop %rdx; pop %rcx' ;;
	*)		echo 'mov %gs:8, %rax; mov %rdi, (%rax)' ;;
	esac
}

# kernel_kallsyms LAYOUT SYMBOL...: the table of names that a kernel has for itself, every
# byte of a name a token of its own.  LAYOUT is base (offsets from the first symbol up),
# percpu (down from it, and data of each CPU as they are), self (from where the offset is).
# Source: Linux, scripts/kallsyms.c.
kernel_kallsyms()
{
	local layout=$1 symbol n offsets=
	shift
	n=$#
	for symbol; do
		case $layout in
		base)   offsets+="	.long $symbol - $1"$'\n' ;;
		percpu) offsets+="	.long $1 - 1 - $symbol"$'\n' ;;
		self)   offsets+="	.long $symbol - ."$'\n' ;;
		esac
	done
	[ $layout != percpu ] || { offsets=$'\t.long 0, 64\n'$offsets; n=$((n + 2)); }
	printf '\t.section .rodata, "a"\n\t.balign 8\n'
	[ $layout = self ] || printf '%s\t.balign 8\n\t.quad %s\n' "$offsets" "$1"
	printf '\t.long %s\n' $n
	[ $layout = self ] || echo '	.balign 8'
	[ $layout != percpu ] || printf '\t.byte %s\n\t.ascii "%s"\n' 4 Aone 4 Atwo
	for symbol; do
		printf '\t.byte %s\n\t.ascii "t%s"\n' $((${#symbol} + 1)) "$symbol"
	done
	printf '\t.balign 8\nmarkers: .long 0\n\t.balign 8\n'
	for ((n = 0; n < 256; n++)); do
		printf '\t.byte %s, 0\n' $((n ? n : 255))
	done
	echo '	.balign 8'
	for ((n = 0; n < 256; n++)); do
		printf '\t.short %s\n' $((2 * n))
	done
	[ $layout != self ] || printf '\t.balign 4\n%s' "$offsets"
}

# kernel_table RULE OP...: a kernel with these ops in this order, each with a site.  RULE is
# table (records as until 5.12), pointer or direct-call.  OP=FUNCTION has another op's
# function; symbols are native_OP, and its own table of them has the layout kallsyms, if
# that is set.
kernel_table()
{
	local rule=$1 op i=0 names='bug nothing argument plain'
	shift
	cat <<'END'
	.macro extable at type
	.pushsection __ex_table, "a"
	.long \at - ., \at + 2 - ., \type
	.popsection
	.endm
	.text
bug:	ud2
nothing: ret
argument: mov %rdi, %rax; ret
plain:	mov %rdi, %gs:16; ret
END
	for op; do
		case $op in -) continue ;; esac
		case $(native_of "${op#*=}") in
		nothing|argument) ;;
		*)
			echo "native_${op%=*}: $(native_of "${op#*=}"); ret"
			names+=" native_${op%=*}"
			;;
		esac
	done
	for op; do
		[ "$op" = - ] || case $rule in
		table)
			cat <<END
771:	call *pv_ops + 8 * $i
	.pushsection .parainstructions, "a"
	.balign 8
	.quad 771b
	.byte $i, 7
	.short 1
	.popsection
END
			;;
		pointer)
			cat <<END
771:	call *pv_ops + 8 * $i(%rip)
	.pushsection .parainstructions, "a"
	.balign 8
	.quad 771b
	.byte $i, 6
	.balign 8
	.popsection
END
			;;
		direct-call)
			cat <<END
771:	call *pv_ops + 8 * $i(%rip)
	.pushsection .altinstr_replacement, "ax"
884:	call bug
	.popsection
	.pushsection .altinstructions, "a"
	.long 771b - ., 884b - .
	.short 117, 2
	.byte 6, 5
	.popsection
END
			;;
		esac
		i=$((i + 1))
	done
	[ "$rule" != pointer ] || cat <<'END'
	.pushsection .altinstructions, "a"
	.long 771b - ., nothing - .
	.short 0x0110
	.byte 6, 1
	.popsection
END
	printf '\t.section .rodata, "a"\n\t.asciz "Linux version %s-tiny (nobody@nowhere)"\n' \
		"${version:-0.0}"
	printf '\t.data\n\t.balign 8\npv_ops:\n'
	for op; do
		case $op in -) echo '	.quad 0x33'; continue ;; esac
		case $(native_of "${op#*=}") in
		nothing|argument) echo "	.quad $(native_of "${op#*=}")" ;;
		*) echo "	.quad native_${op%=*}" ;;
		esac
	done
	# shellcheck disable=SC2086
	[ -z "${kallsyms-}" ] || kernel_kallsyms "$kallsyms" $names
}

# 6.1: padded records, forms as alternatives.  Ops do nothing, return their argument,
# are not there, or are called.
kernel_6_1()
{
	cat <<'END'
	.macro site op
	771: call *pv_ops + 8 * \op(%rip)
	772:
	.pushsection .parainstructions, "a"
	.balign 8
	.quad 771b
	.byte \op
	.byte 772b - 771b
	.balign 8
	.popsection
	.endm
	/* The replacement is a string of bytes. */
	.macro site_or op feature bytes:vararg
	site \op
	.pushsection .altinstr_replacement, "ax"
	884: .byte \bytes
	885:
	.popsection
	.pushsection .altinstructions, "a"
	.long 771b - ., 884b - .
	.short \feature
	.byte 772b - 771b, 885b - 884b
	.popsection
	.endm
	.text
nothing: jmp thunk
	.pushsection .return_sites, "a"
	.long nothing - .
	.popsection
save_fl: pushf; pop %rax; ret
cli_f:	cli; ret
	site_or 0 0x8110, 0x9c, 0x58
	site_or 1 0x8110, 0xfa
	site 2
	site 3
	site 4
	site_or 0 0x8110, 0x9c, 0x58
	.section .init.text, "ax"
	site 2
	site_or 5 0x0110, 0xf4
thunk:	ret
	.data
pv_ops:	.quad save_fl, cli_f, nothing, nothing, 0, save_fl
END
}

# 6.12: calls are alternatives too.
kernel_6_12()
{
	cat <<'END'
	/* The replacement is between 884 and 885. */
	.macro entry feature flags
	.pushsection .altinstructions, "a"
	.long 771b - ., 884b - .
	.short \feature, \flags
	.byte 772b - 771b, 885b - 884b
	.popsection
	.endm
	.macro site op
	771: call *pv_ops + 8 * \op(%rip)
	772:
	.pushsection .altinstr_replacement, "ax"
	884: call bug
	885:
	.popsection
	entry 117 2
	.endm
	.text
bug:	ud2
nothing: endbr64; ret
save_fl: endbr64; pushf; pop %rax; ret
	site 0
	.pushsection .altinstr_replacement, "ax"
	884: pushf; pop %rax
	885:
	.popsection
	entry 272 1
	site 1
	site 2
	site 1
	771: .skip 14, 0x90
	772:
	.pushsection .altinstr_replacement, "ax"
	884: jmp bug
	885:
	.popsection
	entry 117 0
	.data
pv_ops:	.quad save_fl, nothing, 0
END
}

# 6.1 on i386.
kernel_6_1_i386()
{
	cat <<'END'
	.macro site op
	771: call *pv_ops + 4 * \op
	772:
	.pushsection .parainstructions, "a"
	.balign 4
	.long 771b
	.byte \op
	.byte 772b - 771b
	.balign 4
	.popsection
	.endm
	.text
f:	xor %eax, %eax; ret
	site 0
	site 1
	site 2
	.pushsection .altinstr_replacement, "ax"
	884: xor %eax, %eax
	.popsection
	.pushsection .altinstructions, "a"
	.long 771b - ., 884b - .
	.short 0x8115
	.byte 6, 2
	.popsection
	.data
g:	ret
pv_ops:	.long f, g, f
END
}

# kernel_make DIR: all of them
kernel_make()
{
	local era bits
	for era in seed 2_6_20 5 6_1 6_12 6_1_i386; do
		bits=64
		case $era in seed|2_6_20|*i386) bits=32 ;; esac
		"kernel_$era" >"$1/$era.s"
		kernel_link $bits "$1/$era.s" "$1/$era" || return 1
	done
}

# kernel_bzimage PAYLOAD IMAGE [PROTOCOL OFFSET LENGTH]: a setup header before PAYLOAD.
# Source: Linux, Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header".
kernel_bzimage()
{
	perl -e '
		my ($payload, $image, $protocol, $at, $len) = @ARGV;
		open(my $in, "<:raw", $payload) or die; local $/; my $p = <$in> // "";
		my $b = "\0" x 1024;
		substr($b, 0x1f1, 1) = "\1";
		substr($b, 0x1fe, 2) = "\x55\xaa";
		substr($b, 0x202, 4) = "HdrS";
		substr($b, 0x206, 2) = pack("v", hex($protocol // "20f"));
		substr($b, 0x248, 8) = pack("VV", $at // 0, $len // length $p);
		open(my $out, ">:raw", $image) or die; print $out $b . $p;
	' "$@"
}
