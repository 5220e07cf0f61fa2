# SPDX-License-Identifier: GPL-2.0-only
# Rules of the Makefile: what runs on the build machine.

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

# Core as a Linux process: the application's own objects, memcpy and the like among
# them, and host/user.
USER_LINK := -pie -Wl,-z,noexecstack -Wl,-T,host/user/text.lds
USER_O := $(patsubst host/user/%.c,$(O)/user/%.o,$(wildcard host/user/*.c))
BENCH_O := $(USER_O) $(patsubst host/user/%.c,$(O)/user/%.o,$(wildcard host/user/bench/*.c))

$(O)/user/%.o: host/user/%.c $(GEN) $(O)/gen/build.h
	@mkdir -p $(@D)
	$(call say,HOSTCC,$@)
	$(Q)$(HOSTCC) $(WARN) -std=gnu11 -O1 -g -fpie -mno-red-zone -Iinclude \
		-Iinclude/x86_64 -Ihost/user -I$(O)/gen -DARCH_FLAGS='"$(FLAGS_x86_64)"' \
		-MMD -MP -c -o $@ $<

$(O)/bench-host: $(BENCH_O) $(CORE_x86_64) host/user/text.lds
	$(call say,HOSTLD,$@)
	$(Q)$(HOSTCC) $(USER_LINK) -o $@ $(BENCH_O) $(CORE_x86_64)

# Patching at scale, by the same objects.
SCALE_O := $(USER_O) $(patsubst host/user/%.c,$(O)/user/%.o,$(wildcard host/user/scale/*.c))

$(O)/user/scale/%.o: host/user/scale/%.c $(GEN) $(O)/gen/build.h
	@mkdir -p $(@D)
	$(call say,HOSTCC,$@)
	$(Q)$(HOSTCC) $(WARN) -std=gnu11 -O2 -g -fpie -mno-red-zone -Iinclude \
		-Iinclude/x86_64 -Ihost/user -I$(O)/gen -MMD -MP -c -o $@ $<

$(O)/scale-host: $(SCALE_O) $(CORE_x86_64) host/user/text.lds
	$(call say,HOSTLD,$@)
	$(Q)$(HOSTCC) $(USER_LINK) -o $@ $(SCALE_O) $(CORE_x86_64)

-include $(wildcard $(O)/user/*.d $(O)/user/*/*.d $(O)/host/*/*.d)
