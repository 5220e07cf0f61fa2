# SPDX-License-Identifier: GPL-2.0-only
# Rules of the Makefile: the tool that reads kernel images.  The engine in it is core's:
# the application's own objects.

KERNEL_IMAGE := $(patsubst host/linux/%.c,%,$(wildcard host/linux/*.c))
# Named before core, which has a json_string() of its own.
KERNEL_IMAGE_LIBS := -lelf -lz -llzma -lbz2 -lzstd -llz4 -lZydis -ljansson

KERNEL_IMAGE_CFLAGS := -std=gnu11 -g -Iinclude -Iinclude/x86_64
KERNEL_IMAGE_O := $(KERNEL_IMAGE:%=$(O)/host/image.d/%.o)

$(O)/host/image.d/%.o: host/linux/%.c host/linux/kernel.mk
	@mkdir -p $(@D)
	$(call say,HOSTCC,$@)
	$(Q)$(HOSTCC) $(WARN) $(KERNEL_IMAGE_CFLAGS) -O2 -MMD -MP -c -o $@ $<

$(O)/host/parapatch-image: $(KERNEL_IMAGE_O) $(O)/x86_64/core.a
	$(call say,HOSTLD,$@)
	$(Q)$(HOSTCC) -o $@ $(KERNEL_IMAGE_O) $(KERNEL_IMAGE_LIBS) $(O)/x86_64/core.a

.PHONY: kernel
tests: $(O)/host/parapatch-image $(O)/test/parapatch-image

# For kernel-image.t: with sanitizers.
$(O)/test/parapatch-image: $(KERNEL_IMAGE:%=host/linux/%.c) $(O)/test/x86_64/core.a \
		$(wildcard host/linux/*.h host/linux/*.def include/*/*.h include/list/*.def)
	@mkdir -p $(@D)
	$(call say,HOSTCC,$@)
	$(Q)$(HOSTCC) $(TEST_CFLAGS) $(KERNEL_IMAGE_CFLAGS) -o $@ \
		$(filter %.c,$^) $(KERNEL_IMAGE_LIBS) $(O)/test/x86_64/core.a

# For the fuzzer, which has all of core, and so json_string() already.
FUZZ_SOURCES_image := $(filter-out %/main.c %/op_info.c %/json.c,$(KERNEL_IMAGE:%=host/linux/%.c))
FUZZ_LIBS_image := -Ihost/linux $(KERNEL_IMAGE_LIBS)

-include $(wildcard $(O)/host/image.d/*.d)
