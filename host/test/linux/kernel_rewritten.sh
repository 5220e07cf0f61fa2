# SPDX-License-Identifier: GPL-2.0-only
# kernel_rewritten.sh: a tiny kernel with every table by which kernels rewrite
# themselves, and its memory once it has; sourced by tests.  What is in memory is
# written here, by hand, and not taken from the tool.
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../../build/help.sh"; only_sourced "$@"; }

# kernel_rewritten: source of the kernel; of its memory, where BOOTED is set, by
#	RETURNS     0 built, 1 all to another thunk, 2 RET, 3 ITS: thunk in lower halves
#	RETPOLINES  0 built, 1 the branch itself, 2 LFENCE before, 3 thunks that count,
#	            4 ITS: thunks for branches in lower halves, 5 CS prefixes
#	DEPTH       call depth tracking
#	UP          one CPU
kernel_rewritten()
{
	cat <<'END'
	.macro as built:req, booted:req
	.ifdef BOOTED
	\booted
	.else
	\built
	.endif
	.endm
	.macro listed section place
	.pushsection \section, "a"
	.long \place - .
	.popsection
	.endm

	.section .rodata, "a"
	.balign 8
	.text
	/* Two thunks of returns, and one that is none. */
thunk:	ret
	int3
	nop
other_thunk:
	call 1f
	ud2
1:	ret
no_thunk:
	jmp no_thunk
	.skip 16, 0x90

	/* Thunks of registers, as long as each other; then those that count. */
	.macro register_thunk name reg
	.balign 32
\name:	call 1f
	int3
1:	mov \reg, (%rsp)
	jmp thunk
	.endm
	register_thunk rax_thunk, %rax
	register_thunk r11_thunk, %r11
	register_thunk rax_counts, %rax
	register_thunk r11_counts, %r11
	.set count, rax_counts - rax_thunk
	.balign 64

	/* Eight returns, in halves of cache lines by turns. */
	.set i, 0
returns:
	.rept 8
	.balign 32
100:
	.ifdef BOOTED
	.if RETURNS == 1 || (RETURNS == 3 && !(i & 1))
	jmp other_thunk
	.elseif RETURNS == 2 || RETURNS == 3
	.byte 0xc3, 0xcc, 0xcc, 0xcc, 0xcc
	.else
	jmp thunk
	.endif
	.else
	jmp thunk
	.endif
	listed .return_sites 100b
	.set i, i + 1
	.endr

	/* Branches by register: CALL and JMP, in the lower half and then in the upper.
	 * Thunks for ITS lie one behind the other. */
	.set its, 0xffffffffa0000020
	.macro retpoline half prefix op thunk modrm rex number
	.balign 64
	.if \half
	.skip 32, 0x90
	.endif
retpoline_\number:
	.ifndef BOOTED
	\prefix
	\op \thunk
	.elseif RETPOLINES == 0
	\prefix
	\op \thunk
	.elseif RETPOLINES == 3
	\prefix
	\op \thunk + count
	.elseif RETPOLINES == 4 && !\half
	\prefix
	\op its
	.set its, its + 3
	.ifnc "\rex", ""
	.set its, its + 1
	.endif
	.elseif RETPOLINES == 5 && \modrm == 0xd0
	.byte 0x2e, 0x2e, 0x2e
	\rex
	.byte 0xff, \modrm
	.else
	.if RETPOLINES == 2
	lfence
	.endif
	\rex
	.byte 0xff, \modrm
	.ifc \op, jmp
	.ifnc "\prefix", ""
	.if retpoline_\number + 6 - . > 0
	int3
	.endif
	.endif
	.if retpoline_\number + 5 - . > 0
	.skip retpoline_\number + 5 - ., 0xcc
	.endif
	.endif
	.if retpoline_\number + 5 - . == 3
	.byte 0x0f, 0x1f, 0x00
	.endif
	.ifnc "\prefix", ""
	.if retpoline_\number + 6 - . == 3
	.byte 0x0f, 0x1f, 0x00
	.elseif retpoline_\number + 6 - . == 1
	nop
	.endif
	.endif
	.endif
	listed .retpoline_sites retpoline_\number
	.endm
	retpoline 0, "", call, rax_thunk, 0xd0, "", 0
	retpoline 1, "", call, rax_thunk, 0xd0, "", 1
	retpoline 0, "", jmp, rax_thunk, 0xe0, "", 2
	retpoline 1, "", jmp, rax_thunk, 0xe0, "", 3
	retpoline 0, ".byte 0x2e", call, r11_thunk, 0xd3, ".byte 0x41", 4
	retpoline 1, ".byte 0x2e", call, r11_thunk, 0xd3, ".byte 0x41", 5
	retpoline 0, ".byte 0x2e", jmp, r11_thunk, 0xe3, ".byte 0x41", 6
	retpoline 1, ".byte 0x2e", jmp, r11_thunk, 0xe3, ".byte 0x41", 7
	retpoline 0, "", call, rax_thunk, 0xd0, "", 8
	retpoline 1, "", call, rax_thunk, 0xd0, "", 9

	/* Functions with room before them; the tracer's call begins them. */
	.macro function name
	.balign 16
	.skip 7, 0x90
	.ifdef BOOTED
	.if DEPTH
	.byte 0x65, 0x48, 0xc1, 0x3d
	.long counter - . - 5
	.byte 5
	.else
	.skip 9, 0x90
	.endif
	.else
	.skip 9, 0x90
	.endif
\name:	as endbr64, ".byte 0x66, 0x0f, 0x1f, 0x00"
	listed .ibt_endbr_seal \name
100:	as "call tracer", ".byte 0x0f, 0x1f, 0x44, 0x00, 0x00"
	.pushsection .data
	.quad 100b
	.popsection
	.endm
	.pushsection .data
	.balign 8
	.popsection
	function first
	mov $1, %eax
	ret
	function second
	mov $2, %eax
	ret
	function third
	mov $3, %eax
	ret
	function fourth
	mov $4, %eax
	ret
tracer:	ret
returns_0:
	xor %eax, %eax
	ret
warns:	.byte 0x67, 0x48, 0x0f, 0xb9, 0x3a
	ret

	/* Calls that are counted, and a paravirt site of what is counted too. */
	.macro counted to
	.ifdef BOOTED
	.if DEPTH
	call \to - 9
	.else
	call \to
	.endif
	.else
	call \to
	.endif
	.endm
calls:	.irp to, first, second, third, fourth
100:	counted \to
	listed .call_sites 100b
	.endr
site:	.ifdef BOOTED
	counted third
	nop
	.else
	call *pv_ops(%rip)
	.endif
	.pushsection .parainstructions, "a"
	.balign 8
	.quad site
	.byte 0, 6
	.balign 8
	.popsection
	.pushsection .altinstructions, "a"
	.long site - ., 884f - .
	.short 9
	.byte 6, 1
	.popsection

	/* Alternatives for a feature that is not there: one tells where features are, one
	 * holds a return. */
	.macro alternative
	.pushsection .altinstructions, "a"
	.long 881b - ., 884f - .
	.short 9
	.byte 5, 1
	.popsection
	.endm
881:	jmp aux
	alternative
	.balign 64
alternative_return:
881:	.ifdef BOOTED
	.if RETURNS == 1 || RETURNS == 3
	jmp other_thunk
	.elseif RETURNS == 2
	.byte 0xc3, 0xcc, 0xcc, 0xcc, 0xcc
	.else
	jmp thunk
	.endif
	.else
	jmp thunk
	.endif
	alternative
	listed .return_sites 881b
	.section .altinstr_replacement, "ax"
884:	nop
	.section .altinstr_aux, "ax"
aux:	testb $2, caps + 1(%rip)
	.text

lock:	.ifdef BOOTED
	.if UP
	.byte 0x3e
	incl (%rax)
	.else
	lock incl (%rax)
	.endif
	.else
	lock incl (%rax)
	.endif
	listed .smp_locks lock

	/* Jump labels: a NOP and a JMP, long and short, of a key that is on, and one that is
	 * off and was on. */
	.macro entry target key flag
	.pushsection .rodata, "a"
	.long 771b - ., \target - .
	.quad \key + \flag - .
	.popsection
	.endm
target:	nop
label:
771:	as ".byte 0x0f, 0x1f, 0x44, 0x00, 0x00", "{disp32} jmp target"
	entry target, key_on, 0
label_nop:
771:	as "{disp32} jmp target", ".byte 0x0f, 0x1f, 0x44, 0x00, 0x00"
	entry target, key_on, 1
label_short:
771:	as ".byte 0x66, 0x90", "jmp target"
	entry target, key_on, 0
771:	as "jmp target", ".byte 0x66, 0x90"
	entry target, key_off, 0
771:	.byte 0x66, 0x90
	entry target, key_off, 0
	.pushsection .rodata, "a"
	.quad 0
	.popsection

	/* Static calls: of a function, of nothing, of what returns 0, of a warning; and a
	 * tail call of nothing. */
	.macro trampoline name built booted
	.balign 8
trampoline_\name:
	as "\built", "\booted"
	.byte 0x0f, 0xb9, 0xcc
	.endm
	trampoline second, "{disp32} jmp first", "{disp32} jmp second"
	trampoline none, "{disp32} jmp first", ".byte 0xc3, 0xcc, 0xcc, 0xcc, 0xcc"
	trampoline zero, "{disp32} jmp first", "{disp32} jmp returns_0"
	trampoline warning, "{disp32} jmp first", "{disp32} jmp warns"
	/* Its key is in no table. */
	trampoline alone, "{disp32} jmp tracer", "{disp32} jmp fourth"
	.macro static_call name key built booted
static_\name:
771:	as "\built", "\booted"
	.pushsection .rodata, "a"
	.long 771b - ., \key - .
	.popsection
	.endm
	.ifdef BOOTED
	.if DEPTH
	.set moved, 9
	.else
	.set moved, 0
	.endif
	.else
	.set moved, 0
	.endif
	static_call second, static_key, "call trampoline_second", "call second - moved"
	static_call none, none_key, "call trampoline_none", ".byte 0x0f, 0x1f, 0x44, 0x00, 0x00"
	static_call zero, zero_key, "call trampoline_zero", ".byte 0x2e, 0x2e, 0x2e, 0x31, 0xc0"
	/* UD1 that a WARN() is, and RET with INT3s behind it. */
	.macro ud1_warn
	.byte 0x67, 0x48, 0x0f, 0xb9, 0x3a
	.endm
	.macro ret_int3
	.byte 0xc3, 0xcc, 0xcc, 0xcc, 0xcc
	.endm
	static_call warning, warning_key, "call trampoline_warning", "ud1_warn"
	static_call tail, none_key, "{disp32} jmp trampoline_none", "ret_int3"
	.pushsection .rodata, "a"
	.quad 0
	.popsection

	/* Constants of run time. */
	.rept 2
	as "movabs $0x0123456789abcdef, %rax", "movabs $0x7ffffffff000, %rax"
100:
	listed runtime_ptr_most "100b - 8"
	.endr
constant:

	.data
	.quad 0
	.balign 8
pv_ops:	.quad third
caps:	.skip 14
	.byte 0x20
	.skip 300
	.balign 8
	.macro key value
	.ifdef BOOTED
	.quad \value
	.else
	.quad first
	.endif
	.quad 0
	.endm
key_on:	as ".quad 0", ".quad 1"
key_off: as ".quad 1", ".quad 0"
static_key: key second
none_key: key 0
zero_key: key returns_0
warning_key: key warns
alone_key: as ".quad tracer", ".quad fourth"
counter: .quad 0
END
}

# kernel_rewritten_make DIR: DIR/rewritten, the kernel, and DIR/places, its labels
kernel_rewritten_make()
{
	kernel_rewritten >"$1/rewritten.s"
	kernel_link 64 "$1/rewritten.s" "$1/rewritten" &&
		gcc -m64 -x assembler -c -o "$1/rewritten.o" "$1/rewritten.s" &&
		nm "$1/rewritten.o" >"$1/places"
}

# kernel_rewritten_boot DIR RETURNS RETPOLINES DEPTH UP: DIR/memory, from .text on
kernel_rewritten_boot()
{
	{
		printf '.set %s, %s\n' BOOTED 1 RETURNS "$2" RETPOLINES "$3" DEPTH "$4" UP "$5"
		cat "$1/rewritten.s"
	} >"$1/booted.s"
	kernel_link 64 "$1/booted.s" "$1/booted" && objcopy -O binary "$1/booted" "$1/memory"
}
