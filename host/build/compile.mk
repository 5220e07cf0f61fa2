# SPDX-License-Identifier: GPL-2.0-only
# Rules of the Makefile: how what goes into the image is compiled.

GEN	:= $(O)/gen/compiler $(O)/gen/options $(O)/gen/code.def $(O)/gen/path_code.def \
	   $(O)/gen/stb_sprintf.h $(O)/gen/jsmn.h host/build/compile.mk

WARN	:= -Wall -Wextra -Werror -Wmissing-prototypes -Wundef -Wshadow \
	   -Wpointer-arith -Wstrict-prototypes -Wvla -Wa,--fatal-warnings
# What is timed, and what times it, and the engine, are built for speed, the rest for size.
# (Workloads and torture's loops have rules of their own.)
FAST	:= core/backend/% core/paravirt/native.c core/measure/measure.c core/measure/scale% \
	   core/patch/site_% core/patch/text_%
OPT	= $(if $(filter $(FAST),$<),-O2,-Os)
SAFE	:= -std=gnu11 -ffreestanding -fno-stack-protector -fcf-protection=none \
	   -fno-asynchronous-unwind-tables -mno-red-zone -mgeneral-regs-only \
	   -fvisibility=hidden -ffunction-sections -fno-strict-aliasing
# Added by a file, for what a compiler does not know it must not be given.
NEUTRAL	:= @$(O)/gen/options
FLAGS_x86_64 := -m64 -march=x86-64 -mtune=generic -fpie -include include/lib/hidden.h
FLAGS_ia32   := -m32 -march=i686 -mtune=i686 -fno-pic

# What compiles and links, asked before it does; another compiles everything anew.
$(O)/gen/compiler: FORCE
	@mkdir -p $(@D)
	@host/build/compiler.sh "$(CC)" "$(HOSTCC)" "$(LD)" "$(OBJCOPY)" >$@.new
	@cmp -s $@.new $@ || cp $@.new $@

# Against what the compiler does unasked, on some distributions.
$(O)/gen/options: $(O)/gen/compiler host/build/compiler.sh
	@host/build/compiler.sh --options "$(CC)" >$@

# What a shell may have set for compilers and linkers is not for these.
unexport CPATH C_INCLUDE_PATH CPLUS_INCLUDE_PATH OBJC_INCLUDE_PATH \
	DEPENDENCIES_OUTPUT SUNPRO_DEPENDENCIES CCC_OVERRIDE_OPTIONS \
	LDEMULATION GNUTARGET COLLECT_NO_DEMANGLE

$(O)/gen/code.def: include/list/workload.def include/list/table.def include/list/convention.def
	@mkdir -p $(@D)
	$(Q)for w in $(CODE); do \
		echo "CODE($${w##*-}, $${w%-*})"; done > $@

$(O)/gen/path_code.def: include/list/path.def include/list/convention.def
	@mkdir -p $(@D)
	$(Q)for w in $(PATHED); do \
		echo "CODE($${w##*-}, $${w%-*})"; done > $@

# Of a path all that is copied is one section.  (Clang leaves functions where they are.)
BLOCK	= -fno-function-sections -fno-jump-tables \
	  $(if $(CC_RESOURCES),,-fno-reorder-functions)
block	= $(if $(filter $(PATHED),$(1)),$(BLOCK))

# Copies in a folder of their own: /usr/include would let libc's headers in.
$(O)/gen/stb_sprintf.h: /usr/include/stb/stb_sprintf.h
$(O)/gen/jsmn.h: /usr/include/jsmn.h
$(O)/gen/stb_sprintf.h $(O)/gen/jsmn.h:
	@mkdir -p $(@D)
	$(Q)cp $< $@

/usr/include/stb/stb_sprintf.h /usr/include/jsmn.h:
	@disk/packages.sh

# Rewritten only when it changes, so that a commit does not rebuild the world.
$(O)/gen/build.h: FORCE $(O)/gen/options
	@mkdir -p $(@D)
	@printf '#define BUILD_VERSION "%s"\n#define BUILD_FLAGS "%s"\n' \
		"$$(git describe --always --dirty 2>/dev/null || echo unknown)" \
		"-O2 (what is timed) -Os (the rest) $(SAFE) $$(paste -sd' ' $(O)/gen/options)" \
		> $@.new
	@cmp -s $@.new $@ || cp $@.new $@

# Core sees the compiler's headers, its own, stb_sprintf and jsmn; nothing else.
core_include = -nostdinc -isystem $(CC_INCLUDE) -isystem $(O)/gen -Iinclude -Iinclude/$(1)
efi_include  = -nostdinc -isystem $(CC_INCLUDE) -isystem /usr/include/efi \
	-isystem /usr/include/efi/$(1) -isystem /usr/include/efi/protocol \
	-Iinclude -Iinclude/$(1) -Iefi -I$(O)/gen -DGNU_EFI_USE_MS_ABI -fshort-wchar
# Clang has its own in its resource directory; by the first question it names GCC's.
CC_RESOURCES := $(shell $(CC) -print-resource-dir 2>/dev/null)
CC_INCLUDE := $(or $(CC_RESOURCES:%=%/include),$(shell $(CC) -print-file-name=include 2>/dev/null))
BITS_x86_64 := -m64
BITS_ia32   := -m32

# One set of rules for each architecture.
define COMPILE_RULES
$(O)/$(1)/workload/%.o: $$(GEN)
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)
	$$(Q)$$(CC) $$(WARN) -O2 $$(SAFE) $$(call block,$$*) $$(NEUTRAL) $$(FLAGS_$(1)) \
		$(call core_include,$(1)) -DSITES=$$(lastword $$(subst -, ,$$*)) \
		-include include/convention/$$(lastword $$(subst -, ,$$*)).h \
		-MMD -MP -c -o $$@ $$(wildcard core/workload/*/$$(firstword $$(subst -, ,$$*)).[cS])

$(O)/$(1)/core/%.o: core/%.c $$(GEN)
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)
	$$(Q)$$(CC) $$(WARN) $$(OPT) $$(SAFE) $$(NEUTRAL) $$(FLAGS_$(1)) \
		$(call core_include,$(1)) -MMD -MP -c -o $$@ $$<

$(O)/$(1)/core/%.o: core/%.S $$(GEN)
	@mkdir -p $$(@D)
	$$(call say,AS,$$@)
	$$(Q)$$(CC) $$(WARN) $$(FLAGS_$(1)) $(call core_include,$(1)) -MMD -MP -c -o $$@ $$<

# Ops are what indirect calls land on: each begins with ENDBR.
$(O)/$(1)/core/backend/%.o $(O)/$(1)/core/paravirt/native.o: SAFE += -fcf-protection=branch

$(O)/$(1)/efi/%.o: efi/%.c $$(GEN)
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)
	$$(Q)$$(CC) $$(WARN) $$(OPT) $$(SAFE) $$(NEUTRAL) $$(FLAGS_$(1)) $(call efi_include,$(1)) \
		-DARCH_FLAGS='"$$(FLAGS_$(1))"' -MMD -MP -c -o $$@ $$<

$(O)/$(1)/efi/%.o: efi/%.S $$(GEN)
	@mkdir -p $$(@D)
	$$(call say,AS,$$@)
	$$(Q)$$(CC) $$(WARN) $$(FLAGS_$(1)) $(call efi_include,$(1)) -MMD -MP -c -o $$@ $$<

$(O)/$(1)/efi/gather/gather_environment.o: $(O)/gen/build.h

# Its records are not among the application's.
$(O)/$(1)/efi/torture/torture_loop-%.o: efi/torture/torture_loop.c $$(GEN)
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)
	$$(Q)$$(CC) $$(WARN) -O2 $$(SAFE) $$(NEUTRAL) $$(FLAGS_$(1)) \
		$(call core_include,$(1)) -Iefi -DSITES=$$* \
		-include include/convention/$$*.h -MMD -MP -c -o $$@ $$<
	$$(Q)$$(OBJCOPY) --rename-section .parainstructions=.torture_sites $$@
endef

$(foreach a,$(ARCHES),$(eval $(call COMPILE_RULES,$(a))))

-include $(wildcard $(O)/*/workload/*.d $(O)/*/core/*/*.d $(O)/*/efi/*/*.d)
