#!/bin/bash
# verdicts.t: how often verdicts are false over all looks of a run, of 5000 made-up runs for
# each shape of noise (host/test/unit/stats/run-verdicts.c says how and what is tested).
# SPDX-License-Identifier: GPL-2.0-only
exec out/test/verdicts 5000
