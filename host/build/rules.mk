# SPDX-License-Identifier: GPL-2.0-only
# Rules of the Makefile: how the image is compiled, linked and proved.

GEN	:= $(O)/gen/compiler $(O)/gen/options $(O)/gen/code.def $(O)/gen/stb_sprintf.h \
	   Makefile host/build/rules.mk

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

$(O)/gen/code.def: include/list/workload.def include/list/convention.def
	@mkdir -p $(@D)
	$(Q)for w in $(SITED); do \
		echo "CODE($${w##*-}, $${w%-*})"; done > $@

# A copy in a folder of its own: /usr/include would let libc's headers in.
$(O)/gen/stb_sprintf.h: /usr/include/stb/stb_sprintf.h
	@mkdir -p $(@D)
	$(Q)cp $< $@

/usr/include/stb/stb_sprintf.h:
	@disk/packages.sh

# Rewritten only when it changes, so that a commit does not rebuild the world.
$(O)/gen/build.h: FORCE $(O)/gen/options
	@mkdir -p $(@D)
	@printf '#define BUILD_VERSION "%s"\n#define BUILD_FLAGS "%s"\n' \
		"$$(git describe --always --dirty 2>/dev/null || echo unknown)" \
		"-O2 (what is timed) -Os (the rest) $(SAFE) $$(paste -sd' ' $(O)/gen/options)" > $@.new
	@cmp -s $@.new $@ || cp $@.new $@

# Core sees the compiler's headers, its own, and stb_sprintf; nothing else.
core_include = -nostdinc -isystem $(CC_INCLUDE) -isystem $(O)/gen -Iinclude -Iinclude/$(1)
efi_include  = -nostdinc -isystem $(CC_INCLUDE) -isystem /usr/include/efi \
	-isystem /usr/include/efi/$(1) -isystem /usr/include/efi/protocol \
	-Iinclude -Iinclude/$(1) -Iefi -I$(O)/gen -DGNU_EFI_USE_MS_ABI -fshort-wchar
# Clang has its own in its resource directory; by the first question it names GCC's.
CC_RESOURCES := $(shell $(CC) -print-resource-dir 2>/dev/null)
CC_INCLUDE := $(or $(CC_RESOURCES:%=%/include),$(shell $(CC) -print-file-name=include 2>/dev/null))
EFI_TARGET_x86_64 := efi-app-x86_64
EFI_TARGET_ia32   := efi-app-ia32
LIBGCC_ia32 = $(shell $(CC) -m32 -print-libgcc-file-name)
# Since binutils 2.39 ld warns of what no loader sees of this file.
LD_QUIET := $(shell $(LD) --help 2>/dev/null | grep -om 1 -e --no-warn-rwx-segments)
link = $(LD) $(LD_$(1)) --emit-relocs -z noexecstack -z max-page-size=0x1000 $(LD_QUIET) \
	--gc-sections --require-defined=efi_entry -T efi/app/parapatch.lds
BITS_x86_64 := -m64
BITS_ia32   := -m32
LD_x86_64 := -m elf_x86_64
LD_ia32   := -m elf_i386

# $(call module_objects,ARCH,NAME): every workload in every convention.
module_workloads = $(shell sed -n 's/^WORKLOAD.\([a-z0-9_]*\),.*/\1/p' modules/$(1)/workload.def)
module_objects = $(O)/$(1)/modules/$(2)/module.o $(foreach w,$(call module_workloads,$(2)),\
	$(CONVENTIONS:%=$(O)/$(1)/modules/$(2)/$(w)-%.o))

# Its addresses are not known: what it says of itself is relocated by the loader.
MODULE_FLAGS_x86_64 := -m64 -march=x86-64 -mtune=generic -fno-pie -fno-function-sections -include include/lib/hidden.h
MODULE_FLAGS_ia32   := $(FLAGS_ia32) -fno-function-sections

# As is_name() has it, core/module/module_info.c; what is wrong is said before it is built.
bad_modules := $(shell printf '%s\n' $(MODULES) | grep -vxE '[a-z0-9_]{1,16}')
ifneq ($(strip $(bad_modules)),)
$(error modules/$(firstword $(bad_modules)): a module's name has 1 to 16 of a-z, 0-9 and _)
endif

define MODULE_RULE
$(O)/$(1)/modules/$(2).ko: $(call module_objects,$(1),$(2))
	$$(call say,MODULE,$$@)
	$$(Q)$$(LD) $$(LD_$(1)) -r --strip-debug --discard-all -o $$@ $$^
endef

$(MODULES:%=$(O)/gen/modules/%/code.def): $(O)/gen/modules/%/code.def: modules/%/workload.def include/list/convention.def
	@mkdir -p $(@D)
	$(Q)for c in $(CONVENTIONS); do for w in $(call module_workloads,$*); do \
		echo "CODE($$c, $$w)"; done; done > $@

# One set of rules for each architecture.
define ARCH_RULES
$(O)/$(1)/workload/%.o: $$(GEN)
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)
	$$(Q)$$(CC) $$(WARN) -O2 $$(SAFE) $$(NEUTRAL) $$(FLAGS_$(1)) $(call core_include,$(1)) \
		-DSITES=$$(lastword $$(subst -, ,$$*)) \
		-include include/convention/$$(lastword $$(subst -, ,$$*)).h \
		-MMD -MP -c -o $$@ $$(wildcard core/workload/*/$$(firstword $$(subst -, ,$$*)).[cS])

$(O)/$(1)/core/%.o: core/%.c $$(GEN)
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)
	$$(Q)$$(CC) $$(WARN) $$(OPT) $$(SAFE) $$(NEUTRAL) $$(FLAGS_$(1)) $(call core_include,$(1)) -MMD -MP -c -o $$@ $$<

$(O)/$(1)/core/%.o: core/%.S $$(GEN)
	@mkdir -p $$(@D)
	$$(call say,AS,$$@)
	$$(Q)$$(CC) $$(WARN) $$(FLAGS_$(1)) $(call core_include,$(1)) -MMD -MP -c -o $$@ $$<

# Ops are what indirect calls land on: each begins with ENDBR.
$(O)/$(1)/core/backend/%.o: SAFE += -fcf-protection=branch

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
	$$(Q)$$(CC) $$(WARN) -O2 $$(SAFE) $$(NEUTRAL) $$(FLAGS_$(1)) $(call core_include,$(1)) -Iefi \
		-DSITES=$$* -include include/convention/$$*.h -MMD -MP -c -o $$@ $$<
	$$(Q)$$(OBJCOPY) --rename-section .parainstructions=.torture_sites $$@

CORE_$(1) := $$(CORE:%=$(O)/$(1)/core/%.o) $$(SITED:%=$(O)/$(1)/workload/%.o)
EFI_$(1)  := $$(EFI:%=$(O)/$(1)/efi/%.o) $$(TORTURE:%=$(O)/$(1)/efi/torture/torture_loop-%.o)

# Linked twice: the first time to learn which addresses need a base relocation,
# the second with those as the last section, which moves nothing.
$(O)/$(1)/first.elf: $$(CORE_$(1)) $$(EFI_$(1)) efi/app/parapatch.lds
	$$(call say,LD,$$@)
	$$(Q)$$(call link,$(1)) -o $$@ $$(CORE_$(1)) $$(EFI_$(1)) $$(LIBGCC_$(1))

$(O)/$(1)/reloc.o: $(O)/$(1)/first.elf $(O)/host/mkreloc
	$$(Q)$(O)/host/mkreloc $$< $$(@:.o=.bin)
	$$(Q)printf '.section .fixups, "a"\n.incbin "%s"\n' $$(@:.o=.bin) \
		| $$(CC) $$(BITS_$(1)) -x assembler -c -o $$@ -

$(O)/$(1)/parapatch.elf: $(O)/$(1)/first.elf $(O)/$(1)/reloc.o
	$$(call say,LD,$$@)
	$$(Q)$$(call link,$(1)) -o $$@ $$(CORE_$(1)) $$(EFI_$(1)) $(O)/$(1)/reloc.o $$(LIBGCC_$(1))

$(O)/$(1)/parapatch.efi: $(O)/$(1)/parapatch.elf $(O)/host/pecheck
	$$(call say,EFI,$$@)
	$$(Q)$$(OBJCOPY) -j .text -j .rodata -j .altinstructions -j .parainstructions -j .sbat -j .data -j .bss -j .reloc \
		--rename-section .parainstructions=.parains --rename-section .altinstructions=.altinst \
		--set-section-flags .rodata=alloc,load,readonly,data --strip-all --output-target=$(EFI_TARGET_$(1)) $$< $$@
	$$(Q)host/build/survived.sh $$< $$@
	$$(Q)$(O)/host/pecheck $$@ $$$$(($$$$(size -A $$< | awk '/^.parainstructions/ { print $$$$2 }')))

# Modules: workloads in every convention, as the application's own, and what they
# say of themselves, put together and not linked.
$(O)/$(1)/modules/%/module.o: modules/module.c modules/%/workload.def $(O)/gen/modules/%/code.def $$(GEN)
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)
	$$(Q)$$(CC) $$(WARN) -Os $$(SAFE) $$(NEUTRAL) $$(MODULE_FLAGS_$(1)) $(call core_include,$(1)) \
		-DMODULE_NAME='"$$*"' -DMODULE_DEF='"$$*/workload.def"' \
		-DMODULE_CODE='"modules/$$*/code.def"' -MMD -MP -c -o $$@ $$<

$(O)/$(1)/modules/%.o: $$(GEN)
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)
	$$(Q)$$(CC) $$(WARN) -O2 $$(SAFE) $$(NEUTRAL) $$(MODULE_FLAGS_$(1)) $(call core_include,$(1)) \
		-DSITES=$$(lastword $$(subst -, ,$$*)) \
		-include include/convention/$$(lastword $$(subst -, ,$$*)).h \
		-MMD -MP -c -o $$@ modules/$$(firstword $$(subst -, ,$$*)).c

$(foreach m,$(MODULES),$(eval $(call MODULE_RULE,$(1),$(m))))

layers-$(1): $$(CORE_$(1))
	$$(Q)LD="$$(LD)" host/build/layers.sh $(O)/$(1) "$$(CC_INCLUDE)"
endef

$(foreach a,$(ARCHES),$(eval $(call ARCH_RULES,$(a))))

layers: $(ARCHES:%=layers-%)

$(O)/host/%: host/build/%.c $(O)/gen/compiler
	@mkdir -p $(@D)
	$(call say,HOSTCC,$@)
	$(Q)$(HOSTCC) $(WARN) -std=gnu11 -O1 -g -o $@ $<

# The only part with floating point, and with a library to read JSON.
REPORT := $(patsubst host/report/%.c,%,$(wildcard host/report/*.c))

$(O)/host/report.d/%.o: host/report/%.c
	@mkdir -p $(@D)
	$(call say,HOSTCC,$@)
	$(Q)$(HOSTCC) $(WARN) -std=gnu11 -O2 -g $(REPORT_CFLAGS) -Iinclude -MMD -MP -c -o $@ $<

$(O)/host/report: $(REPORT:%=$(O)/host/report.d/%.o)
	$(Q)$(HOSTCC) $(REPORT_CFLAGS) -o $@ $^ -ljansson -lm

# What the application vouches for.
$(O)/gen/digest.def: $(foreach a,$(ARCHES),$(MODULES:%=$(O)/$(a)/modules/%.ko))
	@mkdir -p $(@D)
	$(Q)sha256sum $^ | sed 's/ .*//; s/../0x&, /g; s/^\(.*\), $$/DIGEST(\1)/' > $@

$(ARCHES:%=$(O)/%/efi/loader/module_digests.o): $(O)/gen/digest.def

KOS := $(foreach a,$(ARCHES),$(MODULES:%=$(O)/$(a)/modules/%.ko))

# $(call stick,IMAGE,SUFFIX): a stick with both applications.
stick = disk/image.sh $(1) $(O)/x86_64/parapatch$(2).efi=EFI/BOOT/BOOTX64.EFI \
		$(O)/ia32/parapatch$(2).efi=EFI/BOOT/BOOTIA32.EFI \
		$(foreach k,$(KOS),$(k)=modules/$(word 2,$(subst /, ,$(k)))/$(notdir $(k))) \
		disk/parapatch.cfg=parapatch.cfg disk/startup.nsh=startup.nsh

$(O)/parapatch.img: $(ARCHES:%=$(O)/%/parapatch.efi) $(KOS) disk/parapatch.cfg disk/startup.nsh disk/image.sh
	$(call say,IMAGE,$@)
	$(Q)$(call stick,$@)

# Core as a Linux process: the application's own objects, memcpy and the like among
# them, and host/user.
USER_O := $(patsubst host/user/%.c,$(O)/user/%.o,$(wildcard host/user/*.c))
BENCH_O := $(USER_O) $(patsubst host/user/%.c,$(O)/user/%.o,$(wildcard host/user/bench/*.c))

$(O)/user/%.o: host/user/%.c $(GEN) $(O)/gen/build.h
	@mkdir -p $(@D)
	$(call say,HOSTCC,$@)
	$(Q)$(HOSTCC) $(WARN) -std=gnu11 -O1 -g -fpie -mno-red-zone -Iinclude \
		-Iinclude/x86_64 -Ihost/user -I$(O)/gen -DARCH_FLAGS='"$(FLAGS_x86_64)"' -MMD -MP -c -o $@ $<

$(O)/bench-host: $(BENCH_O) $(CORE_x86_64) host/user/text.lds
	$(call say,HOSTLD,$@)
	$(Q)$(HOSTCC) -pie -Wl,-z,noexecstack -Wl,-T,host/user/text.lds -o $@ $(BENCH_O) $(CORE_x86_64)

# Patching at scale, by the same objects.
SCALE_O := $(USER_O) $(patsubst host/user/%.c,$(O)/user/%.o,$(wildcard host/user/scale/*.c))

$(O)/user/scale/%.o: host/user/scale/%.c $(GEN) $(O)/gen/build.h
	@mkdir -p $(@D)
	$(call say,HOSTCC,$@)
	$(Q)$(HOSTCC) $(WARN) -std=gnu11 -O2 -g -fpie -mno-red-zone -Iinclude \
		-Iinclude/x86_64 -Ihost/user -I$(O)/gen -MMD -MP -c -o $@ $<

$(O)/scale-host: $(SCALE_O) $(CORE_x86_64) host/user/text.lds
	$(call say,HOSTLD,$@)
	$(Q)$(HOSTCC) -pie -Wl,-z,noexecstack -Wl,-T,host/user/text.lds -o $@ $(SCALE_O) $(CORE_x86_64)

-include $(wildcard $(O)/user/*.d $(O)/user/*/*.d $(O)/host/*/*.d)
-include $(wildcard $(O)/*/modules/*/*.d)
-include $(wildcard $(O)/*/workload/*.d $(O)/*/core/*/*.d $(O)/*/efi/*/*.d)
