# SPDX-License-Identifier: GPL-2.0-only
# Rules of the Makefile: the plugin that records what a guest of QEMU runs.

RECORDER := $(patsubst host/mix/%.c,$(O)/mix/recorder.d/%.o,$(wildcard host/mix/*.c))

# QEMU's own names are all visible to it, so its own are to nobody.
$(O)/mix/recorder.d/%.o: host/mix/%.c $(O)/gen/compiler host/mix/recorder.mk
	@mkdir -p $(@D)
	$(call say,HOSTCC,$@)
	$(Q)$(HOSTCC) $(WARN) -std=gnu11 -O2 -g -fPIC -fvisibility=hidden \
		-Iinclude -MMD -MP -c -o $@ $<

$(O)/mix/recorder.so: $(RECORDER)
	$(call say,HOSTLD,$@)
	$(Q)$(HOSTCC) -shared -Wl,-Bsymbolic -o $@ $^

tests: $(O)/mix/recorder.so

-include $(wildcard $(O)/mix/recorder.d/*.d)

mix: parapatch-image
	$(Q)$(MAKE) -j2 mix-programs $(O)/mix/recorder.so
	$(Q)host/mix/mix.sh $(MIX) $(if $(or $(KERNEL),$(ROW)),$(or $(KERNEL),all)) $(ROW)

# What was recorded becomes results/mixes.
.PHONY: ship
ship: test-packages
	$(Q)host/mix/ship.sh $(if $(or $(KERNEL),$(ROW)),$(or $(KERNEL),all)) $(ROW)
