# SPDX-License-Identifier: GPL-2.0-only
# kernel_images.sh: tiny kernels with each era's records, made with the assembler;
# sourced by tests.  What is in them is written here, and not taken from the tool.

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

# kernel_link BITS SOURCE IMAGE: SOURCE is assembled and linked as a kernel
kernel_link()
{
	local bits=$1 source=$2 image=$3 base=0xffffffff81000000 format=elf_x86_64
	[ "$bits" = 64 ] || { base=0xc1000000; format=elf_i386; }
	kernel_lds >"$image.lds"
	gcc "-m$bits" -x assembler -c -o "$image.o" "$source" &&
		ld -m $format -n --no-warn-rwx-segments --build-id=none -e 0 \
			--defsym BASE=$base -T "$image.lds" -o "$image" "$image.o" \
			2>"$image.log" &&
		strip "$image" && rm -f "$image.o" "$image.lds" "$image.log"
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

# 5.10 with page tables of 4 levels: its order of ops, known by its version and by what
# functions begin with.
kernel_5_10()
{
	cat <<'END'
	.macro site op insn=call
	771: \insn *pv_ops + 8 * \op
	.pushsection .parainstructions, "a"
	.balign 8
	.quad 771b
	.byte \op, 7
	.short 1
	.popsection
	.endm
	.text
none:	ret
argument: mov %rdi, %rax; ret
f:	xor %eax, %eax; ret
save_fl: pushf; pop %rax; ret
cli_f:	cli; ret
sti_f:	sti; ret
cr2:	mov %cr2, %rax; ret
cr3:	mov %cr3, %rax; ret
to_cr3:	mov %rdi, %cr3; ret
	.balign 16
	.irp op, 34, 35, 36, 37, 46, 48, 49, 24, 81, 84
	site \op
	.endr
	site 31 jmp
	site 26
	site 45
	site 66
	.section .rodata, "a"
	.asciz "Linux version 5.10.0-tiny (nobody@nowhere)"
	.data
	.balign 8
pv_ops:	.set i, 0
	.rept 85
	.if i == 34
	.quad save_fl
	.elseif i == 36
	.quad cli_f
	.elseif i == 37
	.quad sti_f
	.elseif i == 46
	.quad cr2
	.elseif i == 48
	.quad cr3
	.elseif i == 49
	.quad to_cr3
	.elseif (i == 45) || (i == 50) || (i == 51)
	.quad none
	.elseif (i >= 66 && i <= 69) || (i >= 71 && i <= 74)
	.quad argument
	.else
	.quad f
	.endif
	.set i, i + 1
	.endr
END
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
	for era in seed 2_6_20 5 5_10 6_1 6_12 6_1_i386; do
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
