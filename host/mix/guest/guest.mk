# SPDX-License-Identifier: GPL-2.0-only
# Rules of the Makefile: the programs that run in the guests, for both architectures.

MIX_ROWS := floor call io fork exec sh switch pipe unix udp tcp connect pipe_bw unix_bw tcp_bw \
	compile idle
MIX_ARCHES := amd64 i386
MIX_BITS_amd64 := -m64 -march=x86-64
MIX_BITS_i386 := -m32 -march=i686
MIX_CFLAGS := $(WARN) -std=gnu11 -O2 -fcf-protection=none -Ihost/mix -MMD -MP
MIX_GUEST := $(O)/mix/guest
MIX_PROGRAMS := $(foreach a,$(MIX_ARCHES),$(addprefix $(MIX_GUEST)/$(a)/, \
	$(MIX_ROWS) mark hello lines.so))

MIX_WITH_udp := inet
MIX_WITH_tcp := inet
MIX_WITH_connect := inet
MIX_WITH_pipe_bw := stream
MIX_WITH_unix_bw := stream
MIX_WITH_tcp_bw := inet stream

# Static, but for what is started to see how that goes.
define MIX_RULES
$(MIX_GUEST)/$(1)/%.o: host/mix/guest/%.c $(O)/gen/compiler host/mix/guest/guest.mk
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)
	$$(Q)$$(CC) $$(MIX_BITS_$(1)) $$(MIX_CFLAGS) -c -o $$@ $$<

$(addprefix $(MIX_GUEST)/$(1)/,$(MIX_ROWS) mark): $(MIX_GUEST)/$(1)/%: $(MIX_GUEST)/$(1)/%.o
	$$(Q)$$(CC) $$(MIX_BITS_$(1)) -static -o $$@ $$^

$(MIX_GUEST)/$(1)/hello: $(MIX_GUEST)/$(1)/hello.o
	$$(Q)$$(CC) $$(MIX_BITS_$(1)) -no-pie -o $$@ $$^

$(MIX_GUEST)/$(1)/lines.so: host/mix/guest/lines.c host/mix/guest/counts.c host/mix/marker.h \
		host/mix/guest/counts.h $(O)/gen/compiler host/mix/guest/guest.mk
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(MIX_BITS_$(1)) $$(filter-out -MMD -MP,$$(MIX_CFLAGS)) -D_GNU_SOURCE \
		-fPIC -shared -o $$@ $$(filter %.c,$$^)
endef
$(foreach a,$(MIX_ARCHES),$(eval $(call MIX_RULES,$(a))))
$(foreach a,$(MIX_ARCHES),$(foreach r,$(MIX_ROWS),$(eval $(MIX_GUEST)/$(a)/$(r): \
	$(patsubst %,$(MIX_GUEST)/$(a)/%.o,row counts $(MIX_WITH_$(r))))))

.PHONY: mix-programs
mix-programs: $(MIX_PROGRAMS)
tests: $(MIX_PROGRAMS)

-include $(wildcard $(MIX_GUEST)/*/*.d)
