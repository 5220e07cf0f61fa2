# SPDX-License-Identifier: GPL-2.0-only
# parapatch: "make help" lists what can be made.

ARCH	?= x86_64
V	?= 0
N	?= 20
T	?= 60
FUZZ	?=
DEEP	?=
SOAK	?=
SET	?=
SITES	?= 1000 10000 100000 1000000 10000000
CC	= gcc
HOSTCC	= gcc
LD	= ld
OBJCOPY	= objcopy

MAKEFLAGS += -rR --no-print-directory
ARCHES	:= x86_64 ia32
O	:= out
Q	:= $(if $(filter 1,$(V)),,@)
say	= @$(if $(filter 1,$(V)),:,printf '  %-8s %s\n' $(1) $(2))

# Lists decide which ops, conventions and backends there are; folders, which files.
names	= $(shell sed -n 's/^$(1).\([a-z0-9_]*\),.*/\1/p' include/list/$(2).def)
WORKLOADS   := $(call names,WORKLOAD,workload)
# Those that are ops have call sites, and so a convention.
OP_WORKLOADS := $(shell sed -n 's/^WORKLOAD.\([a-z0-9_]*\),.*[	 ]op, .*/\1/p' include/list/workload.def)
CONVENTIONS := $(call names,CONVENTION,convention)
CORE	:= $(sort $(patsubst core/%,%,$(basename $(wildcard core/*/*.[cS]))))
EFI	:= $(filter-out torture/torture_loop,$(sort $(patsubst efi/%,%,$(basename $(wildcard efi/*/*.[cS])))))
# One folder a module: its list of workloads, and a source each.
MODULES	:= $(patsubst modules/%/workload.def,%,$(wildcard modules/*/workload.def))
# Compiled once a convention: workloads, and torture's loops.
TORTURE	:= $(filter-out native,$(CONVENTIONS))
SITED	:= $(WORKLOADS:%=%-native) $(foreach c,$(TORTURE),$(OP_WORKLOADS:%=%-$(c)))

WARN	:= -Wall -Wextra -Werror -Wmissing-prototypes -Wundef -Wshadow \
	   -Wpointer-arith -Wstrict-prototypes -Wvla -Wa,--fatal-warnings
# What is timed, and what times it, and the engine, are built for speed; the rest for
# size.
# (Workloads have a rule of their own.)
OPT	= $(if $(filter core/backend/% core/measure/measure.c core/patch/text.c core/measure/scale.c,$<),-O2,-Os)
SAFE	:= -std=gnu11 -ffreestanding -fno-stack-protector -fcf-protection=none \
	   -fno-asynchronous-unwind-tables -mno-red-zone -mgeneral-regs-only \
	   -fvisibility=hidden -ffunction-sections -fno-strict-aliasing
# Added by a file, for what a compiler does not know it must not be given.
NEUTRAL	:= @$(O)/gen/options
FLAGS_x86_64 := -m64 -march=x86-64 -mtune=generic -fpie -include include/lib/hidden.h
FLAGS_ia32   := -m32 -march=i686 -mtune=i686 -fno-pic
.PHONY: all build run test test-deep soak tried exact fit bench-host repeat scale fuzz report image layers clean help packages FORCE
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
include host/linux/kernel.mk
include host/fuzz/fuzz.mk

run: packages
	$(Q)$(MAKE) $(O)/parapatch.img
	$(Q)disk/make-run.sh $(O)/parapatch.img $(ARCH)

test: packages
	$(Q)$(MAKE) -j2 build tests fuzzers
	$(Q)prove -j2 $(if $(filter 1,$(V)),-v) $(TESTS)

# What is too long for it, or fetches other suites' packages; DEEP=FILE for one.
test-deep: packages
	$(Q)$(MAKE) -j2 build tests
	$(Q)host/test/deep.sh $(DEEP)

# Longer still, by hand; docs/soak.log is to be committed.
soak: packages
	$(Q)$(MAKE) -j2 build tests
	$(Q)host/test/soak.sh $(SOAK)

tried:
	$(Q)host/test/tried.sh --write

exact: packages
	$(Q)$(MAKE) -j2 build
	$(Q)host/exact/exact.sh $(if $(filter 1,$(V)),--verbose)

# Who can be inlined where, as docs/inline-fit.md has it.
fit: packages
	$(Q)$(MAKE) $(O)/parapatch.img
	$(Q)host/exact/fit.sh

# In ring 3, on the CPU that is here.  SET holds settings: SET="'layouts = line'"
bench-host: packages
	$(Q)$(MAKE) -j2 $(O)/bench-host
	$(Q)host/user/bench.sh run $(SET)

repeat: packages
	$(Q)$(MAKE) -j2 $(O)/bench-host $(O)/host/report
	$(Q)host/user/bench.sh repeat $(N) $(SET)

# What patching a site costs, by the number of them.
scale: packages
	$(Q)$(MAKE) -j2 $(O)/scale-host
	$(Q)host/user/bench.sh scale $(SITES)

# Every fuzzer for T seconds, or those named by FUZZ.
fuzz: packages
	$(Q)$(MAKE) -j2 fuzzers
	$(Q)host/fuzz/fuzz.sh $(T) $(FUZZ)

report: packages
	$(Q)$(MAKE) $(O)/host/report

image: packages
	$(Q)$(MAKE) $(O)/parapatch.img

.PHONY: sign
# For Secure Boot: KEY signs, CERT is its certificate, both PEM.
sign: packages
	$(Q)rm -f $(O)/parapatch-signed.img
	$(Q)$(MAKE) $(O)/parapatch.img
	$(Q)disk/sign.sh "$(KEY)" "$(CERT)" \
		$(foreach a,$(ARCHES),$(O)/$(a)/parapatch.efi=$(O)/$(a)/parapatch-signed.efi)
	$(Q)$(call stick,$(O)/parapatch-signed.img,-signed)

# Debian's kernels, patched by our engine and by themselves.
kernel: parapatch-image
	$(Q)host/linux/kernel.sh

.PHONY: parapatch-image
# For any kernel; fetches nothing.
parapatch-image: packages
	$(Q)$(MAKE) -j2 $(O)/host/parapatch-image

packages:
	$(Q)disk/packages.sh

clean:
	rm -rf $(O)

help:
	@echo 'make run [ARCH=x86_64|ia32]  build, boot in QEMU, print the table,'
	@echo '                             keep the report in results/'
	@echo 'make test                    every test, host and boot'
	@echo 'make test-deep [DEEP=FILE]   what takes longer or fetches: firmware, compilers and'
	@echo '                             kernels of other suites, KVM within TCG'
	@echo 'make soak [SOAK=FILE]        longer still; adds to docs/soak.log'
	@echo 'make tried                   docs/tried.md anew, from the tests that ran here'
	@echo 'make bench-host [SET=...]    the same measurements as a process, ring 3, on the'
	@echo '                             CPU that is here; keeps the report in results/'
	@echo 'make repeat [N=20] [SET=...] bench-host N times, and how far apart they are'
	@echo 'make scale [SITES="..."]     what patching costs a site, from 1000 to 10 million'
	@echo 'make fuzz [T=60] [FUZZ=...]  every fuzzer for T seconds, or those named'
	@echo 'make report                  out/host/report: computes a report again, compares'
	@echo 'make exact                   count instructions in QEMU and in Bochs, compare'
	@echo '                             with the table; V=1: the listings too'
	@echo 'make fit                     who can be inlined where: bytes needed and offered'
	@echo 'make parapatch-image         out/host/parapatch-image: lists and patches the'
	@echo '                             paravirt sites of any Linux kernel image'
	@echo 'make kernel                  patch Debian kernels in memory, boot them in QEMU,'
	@echo '                             compare every site'
	@echo 'make                         both applications and the stick image'
	@echo 'make image                   out/parapatch.img: write it to a stick with dd'
	@echo 'make sign KEY=F CERT=F       out/parapatch-signed.img: the same, its applications'
	@echo '                             signed for Secure Boot (PEM files)'
	@echo 'make layers                  prove that core/ uses neither EFI nor libc'
	@echo 'make clean                   remove out/'
	@echo 'V=1 shows commands'
