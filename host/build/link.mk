# SPDX-License-Identifier: GPL-2.0-only
# Rules of the Makefile: how the application and the stick are put together, and what is
# proved of them.

IN_IMAGE := .text .rodata .altinstructions .parainstructions .sbat .data .bss .reloc
EFI_TARGET_x86_64 := efi-app-x86_64
EFI_TARGET_ia32   := efi-app-ia32
LIBGCC_ia32 = $(shell $(CC) -m32 -print-libgcc-file-name)
# Since binutils 2.39 ld warns of what no loader sees of this file.
LD_QUIET := $(shell $(LD) --help 2>/dev/null | grep -om 1 -e --no-warn-rwx-segments)
link = $(LD) $(LD_$(1)) --emit-relocs -z noexecstack -z max-page-size=0x1000 $(LD_QUIET) \
	--gc-sections --require-defined=efi_entry -T efi/app/parapatch.lds
LD_x86_64 := -m elf_x86_64
LD_ia32   := -m elf_i386

define LINK_RULES
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
	$$(Q)$$(OBJCOPY) $(IN_IMAGE:%=-j %) \
		--rename-section .parainstructions=.parains \
		--rename-section .altinstructions=.altinst \
		--set-section-flags .rodata=alloc,load,readonly,data --strip-all \
		--output-target=$(EFI_TARGET_$(1)) $$< $$@
	$$(Q)host/build/survived.sh $$< $$@
	$$(Q)$(O)/host/pecheck $$@ \
		$$$$(($$$$(size -A $$< | awk '/^.parainstructions/ { print $$$$2 }')))

# For a program that needs some of core.
$(O)/$(1)/core.a: $$(CORE:%=$(O)/$(1)/core/%.o)
	$$(Q)rm -f $$@
	$$(Q)ar rcs $$@ $$^

layers-$(1): $$(CORE_$(1))
	$$(Q)LD="$$(LD)" host/build/layers.sh $(O)/$(1) "$$(CC_INCLUDE)" $$^
	$$(Q)host/build/paths.sh $$(PATHED:%=$(O)/$(1)/workload/%.o)
endef

$(foreach a,$(ARCHES),$(eval $(call LINK_RULES,$(a))))

.PHONY: layers rooms rooms-image
layers: $(ARCHES:%=layers-%) rooms-image

# Which room uses which, host/build/rooms: of core and efi; with the tests, of the
# programs of host/ as well.
OF_IMAGE := $(foreach a,$(ARCHES),$(CORE_$(a)) $(EFI_$(a)))

rooms-image: $(OF_IMAGE)
	$(Q)host/build/rooms.sh

tests: rooms
rooms: $(OF_IMAGE) $(O)/host/parapatch-image $(O)/host/report $(O)/bench-host $(O)/scale-host
	$(Q)host/build/rooms.sh --host

# What the application vouches for.
$(O)/gen/digest.def: $(KOS)
	@mkdir -p $(@D)
	$(Q)sha256sum $^ | sed 's/ .*//; s/../0x&, /g; s/^\(.*\), $$/DIGEST(\1)/' > $@

$(ARCHES:%=$(O)/%/efi/loader/module_digests.o): $(O)/gen/digest.def

# $(call stick,IMAGE,SUFFIX): a stick with both applications.
stick = disk/image.sh $(1) $(O)/x86_64/parapatch$(2).efi=EFI/BOOT/BOOTX64.EFI \
		$(O)/ia32/parapatch$(2).efi=EFI/BOOT/BOOTIA32.EFI \
		$(foreach k,$(KOS),$(k)=modules/$(word 2,$(subst /, ,$(k)))/$(notdir $(k))) \
		$(foreach m,$(MIXES),$(m)=$(m:results/%=%)) \
		disk/parapatch.cfg=parapatch.cfg disk/startup.nsh=startup.nsh

$(O)/parapatch.img: $(ARCHES:%=$(O)/%/parapatch.efi) $(KOS) $(MIXES) \
		disk/parapatch.cfg disk/startup.nsh disk/image.sh
	$(call say,IMAGE,$@)
	$(Q)$(call stick,$@)
