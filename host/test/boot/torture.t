#!/bin/bash
# torture.t: sites are put into other modes while another CPU runs them, live and with the
# world stopped.  Thousands of changes, ia32, more CPUs: host/test/deep/live.t.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/boot/shared.sh
. host/test/boot/tortured.sh

shared torture
tortured torture 2 400
finish
