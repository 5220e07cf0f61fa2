#!/bin/bash
# kernel_names.t: ops are named by what their functions do and by their order: a table of
# each rule.  Of all releases, and where a name must not be given: host/test/deep/kernel_names.t.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/linux/kernel_images.sh
. host/test/linux/named.sh

named 5.10 table
named 6.1 pointer
named 7.3 direct-call
finish
