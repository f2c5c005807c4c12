#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Boots each driver of harness/tests/idioms, which does nothing but attach, in one of the ways that there are. What it says
# about that stands at its top: lines that its console must have, and words that it must not have.
#     check-idioms.sh BUILD
work=$1/idioms
status=0
mkdir -p "$work"
for driver in harness/tests/idioms/*.c; do
    name=$(basename "$driver" .c)
    {
        printf 'language 1\ndomain nb kernel=netbsd memory=64m\n+1s settle\n'
        sed -n 's/^ \*     wanted: \(.*\)/expect nb log ~ "\1"/p; s/^ \*     never:  \(.*\)/expect nb log !~ "\1"/p' "$driver"
    } >"$work/$name.scn"
    said=$(make -s --no-print-directory DRIVER="$driver" SCENARIO="$work/$name.scn" REPLAY_FLAGS=--show=log replay 2>&1) && continue
    echo "$driver:"
    echo "$said" | head -n 20
    status=1
done
exit $status
