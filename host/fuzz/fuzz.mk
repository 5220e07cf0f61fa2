# SPDX-License-Identifier: GPL-2.0-only
# Rules of the Makefile: fuzzers, by libFuzzer.  A file fuzz-NAME.c is a target; its
# corpus is corpus/NAME.

FUZZERS := $(patsubst host/fuzz/fuzz-%.c,%,$(wildcard host/fuzz/fuzz-*.c))
FUZZ_CFLAGS := -std=gnu11 -g -O1 -Wall -Wextra -Werror \
	-fsanitize=address,undefined \
	-fno-sanitize-recover=all -Iinclude -isystem $(O)/gen -Iinclude/x86_64

# stb_sprintf stores words at any address, which x86 allows; so does the engine.
$(O)/fuzz/core/%.o: core/%.c $(GEN) host/fuzz/fuzz.mk
	@mkdir -p $(@D)
	$(call say,CLANG,$@)
	$(Q)clang $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link -fno-sanitize=alignment \
		-MMD -MP -c -o $@ $<

$(O)/fuzz/core/%.o: core/%.S $(GEN) host/fuzz/fuzz.mk
	@mkdir -p $(@D)
	$(Q)clang -Iinclude -Iinclude/x86_64 -MMD -MP -c -o $@ $<

$(O)/fuzz/core.a: $(patsubst %,$(O)/fuzz/core/%.o,$(filter-out lib/mem,$(CORE)))
	$(Q)rm -f $@
	$(Q)ar rcs $@ $^

# What a target has besides core: FUZZ_SOURCES_name, FUZZ_LIBS_name.
.SECONDEXPANSION:
$(O)/fuzz/%: host/fuzz/fuzz-%.c $(O)/fuzz/core.a $$(FUZZ_SOURCES_$$*)
	$(call say,CLANG,$@)
	$(Q)clang $(FUZZ_CFLAGS) -fsanitize=fuzzer -no-pie -o $@ \
		$(filter %.c,$^) $(O)/fuzz/core.a $(FUZZ_LIBS_$*)

# For corpus.t: the same targets by the tests' compiler and core.  The engine stores words
# at any address, which x86 allows.
$(O)/test/replay-%: host/fuzz/fuzz-%.c host/fuzz/replay.c $(O)/test/x86_64/core.a \
		$$(FUZZ_SOURCES_$$*)
	$(call say,HOSTCC,$@)
	$(Q)$(HOSTCC) $(TEST_CFLAGS) -fno-sanitize=alignment -Iinclude/x86_64 -no-pie -o $@ \
		$(filter %.c,$^) $(O)/test/x86_64/core.a $(FUZZ_LIBS_$*)

tests: $(FUZZERS:%=$(O)/test/replay-%)

$(O)/fuzz/make-corpus: host/fuzz/make-corpus.c $(O)/gen/code.def
	@mkdir -p $(@D)
	$(Q)$(HOSTCC) $(TEST_CFLAGS) -Iinclude/x86_64 -o $@ $<

.PHONY: fuzzers
fuzzers: $(FUZZERS:%=$(O)/fuzz/%)
	@:

-include $(wildcard $(O)/fuzz/*.d $(O)/fuzz/core/*/*.d)
