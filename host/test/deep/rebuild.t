#!/bin/bash
# rebuild.t: the image does not depend on where and when it is built.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh

# Another folder, another time zone, another minute: the same image.
mkdir "$work/elsewhere"
git ls-files -co --exclude-standard -z | xargs -0 cp --parents -t "$work/elsewhere"
[ ! -e .git ] || cp -r .git "$work/elsewhere/"
(cd "$work/elsewhere" && TZ=Asia/Tokyo make out/parapatch.img >"$work/make.out" 2>&1)
ok $? "the tree builds in another folder"
is "$(sha256sum <"$work/elsewhere/out/parapatch.img")" "$(sha256sum <out/parapatch.img)" \
	"two builds of the image have the same bytes"

finish
