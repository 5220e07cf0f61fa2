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
# $(call in_rooms,TREE): without the tree and the suffix.
in_rooms = $(sort $(patsubst $(1)/%,%,$(basename $(wildcard $(1)/*/*.[cS]))))
CORE	:= $(call in_rooms,core)
EFI	:= $(filter-out torture/torture_loop,$(call in_rooms,efi))
# One folder a module: its list of workloads, and a source each.
MODULES	:= $(patsubst modules/%/workload.def,%,$(wildcard modules/*/workload.def))
KOS	:= $(foreach a,$(ARCHES),$(MODULES:%=$(O)/$(a)/modules/%.ko))
# Compiled once a convention: workloads, and torture's loops.
TORTURE	:= $(filter-out native,$(CONVENTIONS))
SITED	:= $(WORKLOADS:%=%-native) $(foreach c,$(TORTURE),$(OP_WORKLOADS:%=%-$(c)))
