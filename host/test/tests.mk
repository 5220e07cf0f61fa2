# SPDX-License-Identifier: GPL-2.0-only
# Rules of the Makefile: the host tests.  "tests" builds them, TESTS is for prove.

# Written by C programs, for both architectures, so that ia32's arithmetic is what is
# tested too; those that look at what only x86-64 has, or at built images, once.
UNIT	:= $(patsubst host/test/unit/%.c,%,$(wildcard host/test/unit/*/run-*.c))
UNIT_64_ONLY := alternative_image apic counters decode insn layout lfence linked live_threads \
	native pad report_faces \
	report_json report_lines report_numbers report_regime report_room report_table state \
	table_counts
UNIT_x86_64 := $(UNIT)
UNIT_ia32   := $(filter-out $(addprefix %/run-,$(UNIT_64_ONLY)),$(UNIT))
# The longest first, and last what asks for what the others said: prove starts them in
# this order.
TEST_SCRIPTS := $(sort $(wildcard $(addprefix host/test/,$(addsuffix /*.t,\
	build boot disk exact linux user report fuzz mix))))
TEST_LONG := host/test/disk/runner.t host/test/build/rooms.t host/test/report/report.t \
	host/test/exact/presets.t host/test/boot/strict.t

# Compiled fast, but for what runs long.
TEST_CFLAGS := -std=gnu11 -g -O0 -fsanitize=address,undefined -fno-sanitize-recover=all \
	-Wall -Wextra -Werror -Iinclude -Ihost/test/lib -isystem $(O)/gen
TEST_LIBS_decode := -lZydis
TEST_LIBS_insn := -lZydis
TEST_LIBS_alternative_image := -lZydis
TEST_LIBS_layout := -lZydis
TEST_LIBS_linked := -lZydis
TEST_LIBS_pad := -lZydis
TEST_CFLAGS_environment := -D_GNU_SOURCE
# Its text calls by absolute address.
TEST_CFLAGS_run := -fno-pie
TEST_CFLAGS_failed := -fno-pie -O1
TEST_CFLAGS_faults := -fno-pie -O1
TEST_CFLAGS_table_cells := -fno-pie -O1
TEST_CFLAGS_count := -fno-pie
TEST_CFLAGS_rounds := -fno-pie -O1
TEST_CFLAGS_run_cpus := -fno-pie -O1
TEST_CFLAGS_listen := -fno-pie
TEST_CFLAGS_clobber := -fno-pie
TEST_CFLAGS_fit := -fno-pie
TEST_LIBS_regime := -lm
TEST_LIBS_run := -no-pie
TEST_LIBS_failed := -no-pie
TEST_LIBS_faults := -no-pie
TEST_LIBS_table_cells := -no-pie
TEST_LIBS_count := -no-pie
TEST_LIBS_rounds := -no-pie
TEST_LIBS_run_cpus := -no-pie
TEST_LIBS_listen := -no-pie
TEST_LIBS_clobber := -no-pie
TEST_LIBS_fit := -no-pie
TEST_CFLAGS_sites := -fno-pie
TEST_LIBS_sites := -no-pie
TEST_CFLAGS_forms := -D_GNU_SOURCE -fno-pie
TEST_LIBS_forms := -no-pie
TEST_LIBS_stats := -lm
TEST_LIBS_live_threads := -pthread
TEST_LIBS_compare := -lm
TEST_LIBS_sequential := -lm
TEST_LIBS_verdicts := -lm
TEST_CFLAGS_verdicts := -O2
TEST_LIBS_resolution := -lm
TEST_CFLAGS_decode := -DIMAGES='"$(O)"'
TEST_CFLAGS_linked := $(TEST_CFLAGS_decode)
TEST_CFLAGS_module := $(TEST_CFLAGS_decode)
TEST_CFLAGS_insn := $(TEST_CFLAGS_decode) -O2
TEST_CFLAGS_stats := -O1
TEST_CFLAGS_alternative_image := $(TEST_CFLAGS_decode)
TEST_CFLAGS_backend := -D_GNU_SOURCE

# Bodies of backends have absolute addresses in them there.
TEST_PIE_ia32 := -no-pie

# Those of efi/ include a source of it.
$(foreach a,$(ARCHES),$(O)/test/$(a)/unit/efi/%.o): TEST_CFLAGS += -Iefi

$(foreach a,$(ARCHES),$(O)/test/$(a)/unit/mix/%.o): TEST_CFLAGS += -Ihost

# What most of the tests' time is spent in.
$(foreach a,$(ARCHES),$(foreach r,lib patch stats,$(O)/test/$(a)/core/$(r)/%.o)): TEST_CFLAGS += -O1

# Tens of millions of byte strings are decoded.
$(ARCHES:%=$(O)/test/%/core/patch/insn.o): TEST_CFLAGS += -O2

# stb_sprintf stores words at any address, which x86 allows.
$(ARCHES:%=$(O)/test/%/core/lib/sink.o): TEST_CFLAGS += -fno-sanitize=alignment

# All of core, as an archive: a test that has tables of its own in place of a
# file's does not pull that file in.
define TEST_RULES
$(O)/test/$(1)/core/%.o: core/%.c $$(GEN) host/test/tests.mk
	@mkdir -p $$(@D)
	$$(call say,HOSTCC,$$@)
	$$(Q)$$(HOSTCC) $$(BITS_$(1)) $$(TEST_PIE_$(1):-no%=-fno%) $$(TEST_CFLAGS) \
		-Iinclude/$(1) -MMD -MP -c -o $$@ $$<

$(O)/test/$(1)/core/%.o: core/%.S $$(GEN) host/test/tests.mk
	@mkdir -p $$(@D)
	$$(call say,HOSTCC,$$@)
	$$(Q)$$(HOSTCC) $$(BITS_$(1)) $$(TEST_CFLAGS) -Iinclude/$(1) -MMD -MP -c -o $$@ $$<

$(O)/test/$(1)/core.a: $$(patsubst %,$(O)/test/$(1)/core/%.o,$$(filter-out lib/mem,$$(CORE)))
	$$(Q)rm -f $$@
	$$(Q)ar rcs $$@ $$^

$(O)/test/$(1)/unit/%.o: host/test/unit/%.c $$(GEN) host/test/tests.mk
	@mkdir -p $$(@D)
	$$(call say,HOSTCC,$$@)
	$$(Q)$$(HOSTCC) $$(BITS_$(1)) $$(TEST_PIE_$(1):-no%=-fno%) $$(TEST_CFLAGS) \
		$$(TEST_CFLAGS_$$(patsubst run-%,%,$$(notdir $$*))) -Iinclude/$(1) \
		-MMD -MP -c -o $$@ $$<

$(O)/test/run-%-$(1).t: $(O)/test/$(1)/core.a
	$$(Q)$$(HOSTCC) $$(BITS_$(1)) $$(TEST_PIE_$(1)) -fsanitize=address,undefined -o $$@ \
		$$(filter %.o,$$^) $$(filter %.a,$$^) $$(TEST_LIBS_$$*)
endef

# For strict.t and protect.t: an application that stands in for stricter firmware.  Linked twice,
# as the application is.
define STANDIN_RULES
$(O)/test/$(1)/standin.o: host/test/boot/standin.c $$(GEN) host/test/tests.mk
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(WARN) -Os $$(SAFE) $$(NEUTRAL) $$(FLAGS_$(1)) \
		$(call efi_include,$(1)) -MMD -MP -c -o $$@ $$<

$(O)/test/$(1)/standin_cet.o: host/test/boot/standin_cet.S $$(GEN) host/test/tests.mk
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(WARN) $$(FLAGS_$(1)) $(call efi_include,$(1)) -MMD -MP -c -o $$@ $$<

STANDIN_$(1) := $(O)/test/$(1)/standin.o $(O)/test/$(1)/standin_cet.o \
	$(addprefix $(O)/$(1)/,core/machine/paging.o efi/app/entry.o efi/cpu/cet.o core/lib/mem.o)

# For host/test/boot/starter.sh: what starts the application on another firmware.
$(O)/test/$(1)/starter.o: host/test/boot/starter.c $$(GEN) host/test/tests.mk
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(WARN) -Os $$(SAFE) $$(FLAGS_$(1)) \
		$(call efi_include,$(1)) -MMD -MP -c -o $$@ $$<

STARTER_$(1) := $(O)/test/$(1)/starter.o \
	$(addprefix $(O)/$(1)/,efi/app/entry.o efi/cpu/cet.o core/lib/mem.o)

$(O)/test/$(1)/standin.efi: $$(STANDIN_$(1))
$(O)/test/$(1)/starter.efi: $$(STARTER_$(1))

$(O)/test/$(1)/%.efi: efi/app/parapatch.lds $(O)/host/mkreloc
	$$(Q)$$(call link,$(1)) -o $$(@:.efi=.first) $$(filter %.o,$$^) $$(LIBGCC_$(1))
	$$(Q)$(O)/host/mkreloc $$(@:.efi=.first) $$(@:.efi=.bin)
	$$(Q)printf '.section .fixups, "a"\n.incbin "%s"\n' $$(@:.efi=.bin) \
		| $$(CC) $$(BITS_$(1)) -x assembler -c -o $$(@:.efi=.fixups) -
	$$(Q)$$(call link,$(1)) -o $$(@:.efi=.elf) \
		$$(filter %.o,$$^) $$(@:.efi=.fixups) $$(LIBGCC_$(1))
	$$(Q)$$(OBJCOPY) -j .text -j .rodata -j .data -j .bss -j .reloc --strip-all \
		--output-target=$(EFI_TARGET_$(1)) $$(@:.efi=.elf) $$@
endef

$(foreach a,$(ARCHES),$(eval $(call STANDIN_RULES,$(a))))

$(foreach a,$(ARCHES),$(eval $(call TEST_RULES,$(a))))
$(foreach a,$(ARCHES),$(foreach u,$(UNIT_$(a)),$(eval \
	$(O)/test/$(notdir $(u))-$(a).t: $(O)/test/$(a)/unit/$(u).o)))

# The workloads that core/workload/code_table.c looks for.
$(O)/test/%/made_up.o: host/test/lib/made_up.S $(GEN) host/test/tests.mk
	@mkdir -p $(@D)
	$(Q)$(HOSTCC) $(BITS_$*) -Iinclude -Iinclude/$* -MMD -MP -c -o $@ $<

$(O)/test/%/made_up_module.o: host/test/lib/made_up_module.S $(GEN) host/test/tests.mk
	@mkdir -p $(@D)
	$(Q)$(HOSTCC) $(BITS_$*) -Iinclude -Iinclude/$* -MMD -MP -c -o $@ $<

# Callers of every op in every convention, as what is timed is compiled and otherwise;
# their records and the callers are between bounds that the linker knows.
CALLERS := $(foreach c,seed ccall callee wide16 wide32,$(c)-fast $(c)-slow)
CALLERS_FLAGS_fast := -O2 -fomit-frame-pointer -fno-pic
CALLERS_FLAGS_slow := -O0 -fno-omit-frame-pointer -fPIC
define CALLERS_RULES
$(O)/test/$(1)/callers-%.o: host/test/lib/callers.c $$(GEN) host/test/tests.mk
	@mkdir -p $$(@D)
	$$(Q)$$(HOSTCC) $$(WARN) $$(SAFE) $$(BITS_$(1)) -Iinclude -Iinclude/$(1) -Ihost/test/lib \
		$$(CALLERS_FLAGS_$$(lastword $$(subst -, ,$$*))) -fvisibility=default \
		-DCONVENTION=$$(firstword $$(subst -, ,$$*)) -DHOW=$$(lastword $$(subst -, ,$$*)) \
		-include include/convention/$$(firstword $$(subst -, ,$$*)).h -MMD -MP -c -o $$@ $$<
	$$(Q)$$(OBJCOPY) --rename-section .parainstructions=parainstructions $$@

$(O)/test/run-sites-$(1).t $(O)/test/run-forms-$(1).t: $(CALLERS:%=$(O)/test/$(1)/callers-%.o)
endef
$(foreach a,$(ARCHES),$(eval $(call CALLERS_RULES,$(a))))

# Every module of both architectures, whichever the test is built for.
$(ARCHES:%=$(O)/test/run-module-%.t): | $(KOS) $(ARCHES:%=$(O)/test/%/made_up_module.o)

MADE_UP_RUNS := run failed faults table_cells count rounds run_cpus listen
$(foreach a,$(ARCHES),$(foreach t,$(MADE_UP_RUNS),$(eval \
	$(O)/test/run-$(t)-$(a).t: $(O)/test/$(a)/made_up.o)))

TEST_PROGRAMS := $(foreach a,$(ARCHES),$(foreach u,$(UNIT_$(a)),$(O)/test/$(notdir $(u))-$(a).t))
TESTS := $(TEST_LONG) $(TEST_PROGRAMS) $(filter-out $(TEST_LONG),$(TEST_SCRIPTS)) \
	$(wildcard host/test/*.t)

# It reads the images when it runs.
$(O)/test/run-decode-x86_64.t $(O)/test/run-insn-x86_64.t $(O)/test/run-alternative_image-x86_64.t \
	$(O)/test/run-linked-x86_64.t: | $(ARCHES:%=$(O)/%/parapatch.elf)

# They give what core writes to the tool.
$(O)/test/run-report_json-x86_64.t $(O)/test/run-report_numbers-x86_64.t: | $(O)/test/report

# For report.t: made-up reports, and the tool with sanitizers.
$(O)/test/make-report: host/test/report/make-report.c host/test/lib/plain.h $(O)/test/x86_64/core.a
	$(Q)$(HOSTCC) $(TEST_CFLAGS) -Iinclude/x86_64 -o $@ $(filter %.c %.a,$^) -lm

$(O)/test/report: $(REPORT:%=host/report/%.c) $(wildcard host/report/*.h host/report/*.def) \
		$(addprefix include/list/,$(addsuffix .def,clock outcome regime verdict why))
	@mkdir -p $(@D)
	$(Q)$(HOSTCC) $(TEST_CFLAGS) -O2 -o $@ $(filter %.c,$^) -ljansson -lm

# For verdicts.t: many made-up runs, compiled fast.
VERDICTS := host/test/unit/stats/run-verdicts.c core/lib/mul_div.c \
	$(addprefix core/stats/,compare.c next_group.c sequential.c stats.c)
$(O)/test/verdicts: $(VERDICTS) $(wildcard include/stats/*.h) include/list/verdict.def \
		host/test/lib/plain.h host/test/lib/tap.h
	@mkdir -p $(@D)
	$(Q)$(HOSTCC) -std=gnu11 -O2 -Wall -Wextra -Werror -Iinclude -Iinclude/x86_64 \
		-Ihost/test/lib -o $@ $(VERDICTS) -lm

# For bench.t: looks at bench-host's mappings.
$(O)/test/no-wx.so: host/test/user/no-wx.c
	@mkdir -p $(@D)
	$(Q)$(HOSTCC) $(WARN) -Wno-missing-prototypes -std=gnu11 -O1 -shared -fPIC -o $@ $<

.PHONY: tests
tests: $(TEST_PROGRAMS) $(O)/host/report $(O)/test/report $(O)/test/make-report \
	$(O)/test/verdicts $(O)/bench-host $(O)/scale-host $(O)/test/no-wx.so \
	$(ARCHES:%=$(O)/test/%/standin.efi) $(ARCHES:%=$(O)/test/%/starter.efi)
	@:

-include $(wildcard $(O)/test/*/*.d $(O)/test/*/core/*/*.d $(O)/test/*/unit/*/*.d)
