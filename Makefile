# SPDX-License-Identifier: GPL-2.0-only
# parapatch: "make help" lists what can be made.

ARCH	?= x86_64
V	?= 0
CC	= gcc
HOSTCC	= gcc

MAKEFLAGS += -rR --no-print-directory
ARCHES	:= x86_64 ia32
O	:= out
Q	:= $(if $(filter 1,$(V)),,@)
say	= @$(if $(filter 1,$(V)),:,printf '  %-8s %s\n' $(1) $(2))

# The lists decide what is built.
names	= $(shell sed -n 's/^$(1).\([a-z0-9_]*\),.*/\1/p' include/$(2).def)
WORKLOADS   := $(call names,WORKLOAD,workload)
CONVENTIONS := $(call names,CONVENTION,convention)
BACKENDS    := $(call names,BACKEND,backend)

CORE	:= check code compare config json lines measure mode nop number paravirt \
	   report_json run sink stats table text workload $(BACKENDS:%=backend/%)
EFI	:= clock console cpu file libc main quiet timer ops_check ops_check_apic \
	   ops_check_control ops_check_cpu ops_check_entries ops_check_flags \
	   ops_check_tables ops_check_tlb
SITED	:= $(foreach c,$(CONVENTIONS),$(WORKLOADS:%=workload/%-$(c)))

WARN	:= -Wall -Wextra -Werror -Wmissing-prototypes -Wundef -Wshadow \
	   -Wpointer-arith -Wstrict-prototypes -Wvla -Wa,--fatal-warnings
# What is timed, and what times it, is built for speed; the rest for size.
# (Workloads have a rule of their own.)
OPT	= $(if $(filter core/backend/% core/measure.c,$<),-O2,-Os)
SAFE	:= -std=gnu11 -ffreestanding -fno-stack-protector -fcf-protection=none \
	   -fno-asynchronous-unwind-tables -mno-red-zone -mgeneral-regs-only \
	   -fvisibility=hidden -ffunction-sections -fno-strict-aliasing
FLAGS_x86_64 := -m64 -fpie -include include/hidden.h
FLAGS_ia32   := -m32 -march=i686 -fno-pic
.PHONY: all build run test image layers clean help packages FORCE
.DELETE_ON_ERROR:
.SECONDARY:

all: packages
	$(Q)$(MAKE) build

build: $(ARCHES:%=$(O)/%/parapatch.efi) layers $(O)/parapatch.img

ifeq ($(filter $(ARCH),$(ARCHES)),)
$(error there is no ARCH=$(ARCH); ARCH is one of: $(ARCHES))
endif

include host/build/rules.mk
include host/test/tests.mk

run: packages
	$(Q)$(MAKE) $(O)/parapatch.img
	$(Q)disk/make-run.sh $(O)/parapatch.img $(ARCH)

test: packages
	$(Q)$(MAKE) -j2 build tests
	$(Q)prove -j2 $(if $(filter 1,$(V)),-v) $(TESTS)

image: packages
	$(Q)$(MAKE) $(O)/parapatch.img

packages:
	$(Q)disk/packages.sh

clean:
	rm -rf $(O)

help:
	@echo 'make run [ARCH=x86_64|ia32]  build, boot in QEMU, print the table,'
	@echo '                             keep the report in results/'
	@echo 'make test                    every test, host and boot'
	@echo 'make                         both applications and the stick image'
	@echo 'make image                   out/parapatch.img: write it to a stick with dd'
	@echo 'make layers                  prove that core/ uses neither EFI nor libc'
	@echo 'make clean                   remove out/'
	@echo 'V=1 shows commands'
