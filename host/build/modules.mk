# SPDX-License-Identifier: GPL-2.0-only
# Rules of the Makefile: modules, which the application loads from the stick.

# $(call module_objects,TO,FROM,NAME): every workload in every convention.
module_workloads = $(shell sed -n 's/^WORKLOAD.\([a-z0-9_]*\),.*/\1/p' $(1)/$(2)/workload.def)
module_objects = $(1)/$(3)/module.o $(foreach w,$(call module_workloads,$(2),$(3)),\
	$(CONVENTIONS:%=$(1)/$(3)/$(w)-%.o))

# Its addresses are not known: what it says of itself is relocated by the loader.
MODULE_FLAGS_x86_64 := -m64 -march=x86-64 -mtune=generic -fno-pie \
	-fno-function-sections -include include/lib/hidden.h
MODULE_FLAGS_ia32   := $(FLAGS_ia32) -fno-function-sections

# As is_name() has it, core/module/info_check.c; what is wrong is said before it is built.
bad_modules := $(shell printf '%s\n' $(MODULES) | grep -vxE '[a-z0-9_]{1,16}')
ifneq ($(strip $(bad_modules)),)
$(error modules/$(firstword $(bad_modules)): a module's name has 1 to 16 of a-z, 0-9 and _)
endif

define MODULE_RULE
$(2)/$(4).ko: $(call module_objects,$(2),$(3),$(4))
	$$(call say,MODULE,$$@)
	$$(Q)$$(LD) $$(LD_$(1)) -r --strip-debug --discard-all -o $$@ $$^
endef

# Workloads in every convention, as the application's own, and what they say of
# themselves, put together and not linked.  $(call MODULE_RULES,ARCH,TO,FROM,NAMES).
define MODULE_RULES
$(4:%=$(2)/%/code.def): $(2)/%/code.def: $(3)/%/workload.def include/list/convention.def
	@mkdir -p $$(@D)
	$$(Q)for c in $$(CONVENTIONS); do for w in $$(call module_workloads,$(3),$$*); do \
		echo "CODE($$$$c, $$$$w)"; done; done > $$@

$(2)/%/module.o: modules/module.c $(3)/%/workload.def $(2)/%/code.def $$(GEN)
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)
	$$(Q)$$(CC) $$(WARN) -Os $$(SAFE) $$(NEUTRAL) $$(MODULE_FLAGS_$(1)) \
		$(call core_include,$(1)) -I$(3) -I$(2) \
		-DMODULE_NAME='"$$*"' -DMODULE_DEF='"$$*/workload.def"' \
		-DMODULE_CODE='"$$*/code.def"' -MMD -MP -c -o $$@ $$<

$(2)/%.o: $$(GEN)
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)
	$$(Q)$$(CC) $$(WARN) -O2 $$(SAFE) $$(NEUTRAL) $$(MODULE_FLAGS_$(1)) \
		$(call core_include,$(1)) -DSITES=$$(lastword $$(subst -, ,$$*)) \
		-include include/convention/$$(lastword $$(subst -, ,$$*)).h \
		-MMD -MP -c -o $$@ $(3)/$$(firstword $$(subst -, ,$$*)).c

$(foreach m,$(4),$(eval $(call MODULE_RULE,$(1),$(2),$(3),$(m))))
endef

$(foreach a,$(ARCHES),$(eval $(call MODULE_RULES,$(a),$(O)/$(a)/modules,modules,$(MODULES))))
# Those of tests, which no image has.
$(foreach a,$(ARCHES),$(eval $(call \
	MODULE_RULES,$(a),$(O)/test/$(a)/modules,host/test/modules,$(TEST_MODULES))))

-include $(wildcard $(O)/*/modules/*/*.d $(O)/test/*/modules/*/*.d)
