#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Puts what `ballast build` needs into a folder that needs nothing of the source tree: the recipe, the kernels' objects
# and headers, our driver files, and the scenarios that hold for any driver.
#     harness/builder/install.sh BUILD FOLDER [IMAGE...]     without these images
set -eu
build=$1 to=$2
shift 2
without=
for image; do without="$without -e \\,^copy[[:blank:]]$image[[:blank:]],d"; done
mkdir -p "$to/guest/pv" "$to/include"
# The tree is the folder itself, and a user's files go among that user's own.
sed -e '1s/.*/tree ./' -e '/^user-folder /d' $without "$build/guest-build" >"$to/guest-build"
sed -e '1s/.*/tree ./' "$build/driver-scenarios" >"$to/driver-scenarios"
cp guest/compile-counted.sh guest/compile-user.sh guest/guard-objects.awk "$to/guest"
cp guest/pv/guest.lds "$to/guest/pv"
sed -n 's/^part [^ ]* \([^ ]*\) .*/\1/p; s/^scenario @tree\///p; s/^world-layout @tree\///p; s/^world-replay @tree\///p' "$build/guest-build" "$build/driver-scenarios" |
    while read -r file; do install -D -m 644 "$file" "$to/$file"; done
cp -R guest/netbsd/kpi "$to/guest/netbsd"
cp -R -P "$build/include/." "$to/include"
# Objects and images that the recipe names.
sed -n 's/^[^ ]* .*@built\/\(.*\)/\1/p; s/^[^ ]* @built\/\(.*\)/\1/p' "$to/guest-build" | sort -u |
    while read -r file; do [ ! -f "$build/$file" ] || install -D -m 644 "$build/$file" "$to/$file"; done
