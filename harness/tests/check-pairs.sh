#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The pairs of drivers of other years, replayed: each scenario's verdict and what it broke, as
# drivers/YEAR/expected has it. Events and lines are left out: they move with every edit.
#     check-pairs.sh [--record]      (--record writes the expectations anew)
status=0
for pair in harness/tests/drivers/*/; do
    said=$(make -s DRIVER="${pair}balloon.c" PHYSSEG="${pair}uvm_physseg.c" REPLAY_FLAGS="--jobs 2 --timeout 120 --format table" \
        SCENARIO="$(echo scenarios/tour/*.scn)" replay 2>/dev/null |
        awk 'NR > 1 && /^scenarios/ { print $1, $2 } /^ / && $1 != "expect" && $1 != "rest" { print "    " $1 }')
    if [ "$1" = --record ]; then
        echo "$said" >"${pair}expected"
    elif [ "$said" != "$(cat "${pair}expected")" ]; then
        echo "$pair differs from its record:"
        echo "$said" | diff "${pair}expected" - | head -n 20
        status=1
    fi
done
exit $status
