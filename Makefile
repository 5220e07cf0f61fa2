# SPDX-License-Identifier: GPL-2.0-only
# parapatch: "make help" lists what can be made.

ARCH	?= x86_64
V	?= 0
N	?= 20
T	?= 60
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

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all build packages clean help FORCE run bench-host repeat scale report exact fit same \
	parapatch-image image sign mix test test-deep test-packages soak tried fuzz

## Without a target: both applications and the stick image.
all: packages
	$(Q)$(MAKE) build

build: $(ARCHES:%=$(O)/%/parapatch.efi) layers $(O)/parapatch.img

include host/build/sources.mk
include host/build/compile.mk
include host/build/modules.mk
include host/build/link.mk
include host/build/programs.mk
include host/test/tests.mk
include host/linux/kernel.mk
include host/mix/guest/guest.mk host/mix/recorder.mk
include host/fuzz/fuzz.mk

packages:
	$(Q)disk/packages.sh

test-packages:
	$(Q)disk/packages.sh tests

##
## To measure:
##   make run [ARCH=ia32]          boot in QEMU, print the table, keep the report in results/;
##                                 without KVM instructions are counted, TIMES=1: timed
run: packages
	$(Q)$(MAKE) $(O)/parapatch.img
	$(Q)disk/make-run.sh $(O)/parapatch.img $(ARCH) $(if $(filter 1,$(TIMES)),--times)

##   make bench-host [SET="..."]   the same as a process, in ring 3, on the CPU that is here;
##                                 SET holds settings: SET="'layouts = line'"
bench-host: packages
	$(Q)$(MAKE) -j2 $(O)/bench-host
	$(Q)host/user/bench.sh run $(SET)

##   make repeat [N=20] [SET=...]  bench-host N times, and how far apart they are
repeat: packages
	$(Q)$(MAKE) -j2 $(O)/bench-host $(O)/host/report
	$(Q)host/user/bench.sh repeat $(N) $(SET)

##   make scale [SITES="..."]      what patching costs a site, from 1000 to 10 million of them
scale: packages
	$(Q)$(MAKE) -j2 $(O)/scale-host
	$(Q)host/user/bench.sh scale $(SITES)

##   make report                   out/host/report: computes a report again, compares two
report: packages
	$(Q)$(MAKE) $(O)/host/report

##
## To prove:
##   make exact [V=1]              count instructions in QEMU and Bochs, compare with the table
exact: packages
	$(Q)$(MAKE) -j2 build
	$(Q)host/exact/exact.sh $(if $(filter 1,$(V)),--verbose)

##   make fit                      who can be inlined where, as docs/inline-fit.md has it
fit: packages
	$(Q)$(MAKE) $(O)/parapatch.img
	$(Q)host/exact/fit.sh

##   make same [OLD=COMMIT]        does it measure as OLD (HEAD) did?  Both are booted under
##                                 -icount; OLD=REPORT NEW=REPORT compares two reports
same: packages
	$(Q)$(MAKE) -j2 $(O)/parapatch.img
	$(Q)host/exact/same.sh "$(OLD)" $(NEW)

##   make parapatch-image          the tool that lists and patches a Linux kernel's sites
parapatch-image: packages
	$(Q)$(MAKE) -j2 $(O)/host/parapatch-image

##   make kernel                   patch Debian's kernels in memory, boot them, compare all sites
kernel: parapatch-image
	$(Q)host/linux/kernel.sh

##   make mix [KERNEL=..] [ROW=..] record what kernels run for a fork, a TCP round trip, other
##                                 rows; make ship keeps it: results/mixes; host/mix/mix.sh --help
##
## To build media:
##   make image                    out/parapatch.img: write it to a stick with dd
image: packages
	$(Q)$(MAKE) $(O)/parapatch.img

##   make sign KEY=F CERT=F        the same, signed for Secure Boot with those PEM files
sign: packages
	$(Q)rm -f $(O)/parapatch-signed.img
	$(Q)$(MAKE) $(O)/parapatch.img
	$(Q)disk/sign.sh "$(KEY)" "$(CERT)" \
		$(foreach a,$(ARCHES),$(O)/$(a)/parapatch.efi=$(O)/$(a)/parapatch-signed.efi)
	$(Q)$(call stick,$(O)/parapatch-signed.img,-signed)

##
## To develop (V=1 shows commands):
##   make test                     before a commit: minutes; at most 10 times a build's CPU time
test: test-packages
	$(Q)VERBOSE=$(filter 1,$(V)) host/test/test.sh $(TESTS)

##   make test-deep [DEEP=NAME]    what takes longer or fetches: firmware, compilers and kernels
##                                 of other suites, KVM within TCG
test-deep: test-packages
	$(Q)$(MAKE) -j2 build tests fuzzers
	$(Q)host/test/deep.sh $(DEEP)

##   make soak [SOAK=NAME]         longer still; adds to docs/soak.log, which is committed
soak: test-packages
	$(Q)$(MAKE) -j2 build tests
	$(Q)host/test/soak.sh $(SOAK)

##   make tried                    docs/tried.md anew, from the tests that ran here
tried:
	$(Q)host/test/tried.sh --write

##   make fuzz [T=60] [FUZZ=...]   every fuzzer for T seconds, or those named
fuzz: packages
	$(Q)$(MAKE) -j2 fuzzers
	$(Q)host/fuzz/fuzz.sh $(T) $(FUZZ)

##   make layers                   prove that core/ uses neither EFI nor libc, and a room those
##                                 below it alone; make rooms: of the programs of host/ too
##   make clean                    remove out/
clean:
	rm -rf $(O)

help:
	@sed -n 's/^##$$//p; s/^## //p' Makefile
