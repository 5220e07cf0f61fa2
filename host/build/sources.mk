# SPDX-License-Identifier: GPL-2.0-only
# Rules of the Makefile: which sources there are.  Lists decide which ops, conventions and
# backends; folders, which files: to add a file in a room is to add a file.

ifeq ($(filter $(ARCH),$(ARCHES)),)
$(error there is no ARCH=$(ARCH); ARCH is one of: $(ARCHES))
endif

names	= $(shell sed -n 's/^$(1).\([a-z0-9_]*\),.*/\1/p' include/list/$(2).def)
WORKLOADS   := $(call names,WORKLOAD,workload)
# Those that are ops have call sites, and so a convention.
OP_WORKLOADS := $(shell \
	sed -n 's/^WORKLOAD.\([a-z0-9_]*\),.*[	 ]op, .*/\1/p' include/list/workload.def)
CONVENTIONS := $(call names,CONVENTION,convention)
# The table's ops, which are all of one source, once a convention.
TABLE_OPS := $(call names,TABLE,table)
# And instructions that are none of its ops, of one source, native alone.
INSTRUCTIONS := $(call names,INSTRUCTION,table)
# $(call in_rooms,TREE): without the tree and the suffix.
in_rooms = $(sort $(patsubst $(1)/%,%,$(basename $(wildcard $(1)/*/*.[cS]))))
CORE	:= $(call in_rooms,core)
EFI	:= $(filter-out torture/torture_loop,$(call in_rooms,efi))
# One folder a module: its list of workloads, and a source each.
MODULES	:= $(patsubst modules/%/workload.def,%,$(wildcard modules/*/workload.def))
TEST_MODULES := $(patsubst host/test/modules/%/workload.def,%,$(wildcard \
	host/test/modules/*/workload.def))
TEST_KOS := $(foreach a,$(ARCHES),$(TEST_MODULES:%=$(O)/test/$(a)/modules/%.ko))
KOS	:= $(foreach a,$(ARCHES),$(MODULES:%=$(O)/$(a)/modules/%.ko))
# What is replayed, if it is asked for.
MIXES	:= $(sort $(wildcard results/mixes/*.json results/mixes/*/*.json))
# Kernel paths: each a block of code of its own, once a convention.
PATHS	:= $(call names,PATH,path)
PATHED	= $(foreach c,$(CONVENTIONS),$(PATHS:%=%-$(c)))
# Compiled once a convention: workloads, and torture's loops.
TORTURE	:= $(filter-out native,$(CONVENTIONS))
SITED	:= $(WORKLOADS:%=%-native) $(foreach c,$(TORTURE),$(OP_WORKLOADS:%=%-$(c))) \
	   $(CONVENTIONS:%=table-%) $(CONVENTIONS:%=mix-%) instruction-native $(PATHED)
# What each of those has: WORKLOAD-CONVENTION.
CODE	:= $(filter-out table-% mix-% instruction-% $(PATHED),$(SITED)) $(INSTRUCTIONS:%=%-native) \
	   $(foreach c,$(CONVENTIONS),$(TABLE_OPS:%=%-$(c)))

# What was compiled from a source that has been moved or removed goes: its .d file asks for
# that source, and make would stop there.
BUILT_IN := $(wildcard $(addprefix $(O)/,$(ARCHES) host user test))
$(if $(BUILT_IN),$(shell find $(BUILT_IN) -name '*.d' -type f | xargs -r awk ' \
	FNR == 1 { looked = 0 } \
	{ for (i = 1; i <= NF && !looked; i++) if ($$i ~ /\.[cS]$$/) { \
		looked = 1; \
		if ((getline line < $$i) < 0) { \
			object = FILENAME; sub(/d$$/, "o", object); print FILENAME; print object } \
		close($$i) } }' | xargs -r rm -f))
