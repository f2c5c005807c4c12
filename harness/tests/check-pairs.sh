scenario=$work/ends.scn
#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Replays the tour on the pairs of drivers of other years. Each scenario's verdict and the invariants that it broke have
# to be those of drivers/YEAR/expected, which leaves out events and lines, since they move with every edit.
#     check-pairs.sh [--record]      (--record writes the expectations anew)
status=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
for pair in harness/tests/drivers/*/; do
    driver=$(harness/tests/amended.sh "${pair}balloon.c" "$work") segments=$(harness/tests/amended.sh "${pair}uvm_physseg.c" "$work")
    said=$(make -s DRIVER="$driver" PHYSSEG="$segments" REPLAY_FLAGS="--jobs 2 --timeout $(cat harness/tests/wait_s) --format table" \
        SCENARIO="$(echo scenarios/tour/*.scn)" replay 2>/dev/null |
        awk 'NR > 1 && /^scenarios/ { print $1, $2 } /^ / && $1 ~ /^[a-z0-9-]+$/ && $1 != "expect" && $1 != "rest" { print "    " $1 }')
    if [ "$1" = --record ]; then
        echo "$said" >"${pair}expected"
    elif [ "$said" != "$(cat "${pair}expected")" ]; then
        echo "$pair differs from its record (where that is as it should be:  harness/tests/check-pairs.sh --record):"
        echo "$said" | diff "${pair}expected" - | head -n 20
        status=1
    fi
done

# Drivers in other styles, with our segment code: they do the whole tour, and pass when threads are switched at other places.
for driver in harness/tests/styles/*.c; do
    said=$(make -s DRIVER="$driver" REPLAY_FLAGS="--jobs 2 --timeout 120 --quiet --schedules 1" \
        SCENARIO="$(echo scenarios/tour/*.scn scenarios/faults/pagealloc.scn)" replay 2>&1) && continue
    echo "$driver:"
    echo "$said" | head -n 20
    status=1
done

# The invariant progress may end a run early. An expectation behind that point is judged when it is about the
# violation, and fails otherwise, since it was never reached.
pair=harness/tests/drivers/2018/
scenario=$(mktemp --suffix .scn) || exit 1
trap 'rm -f "$scenario"' EXIT
ends() { # WANTED EXPECTATION...: the verdict of growing with that driver
    wanted=$1; shift
    printf 'language 1\nhost mem=512m\ndomain nb kernel=netbsd memory=64m maxmem=96m\n+0 xl mem-set nb 96m\n+1s settle\n' >"$scenario"
    printf '%s\n' "$@" >>"$scenario"
    said=$(make -s DRIVER="${pair}balloon.c" PHYSSEG="${pair}uvm_physseg.c" SCENARIO="$scenario" replay 2>&1)
    case $said in *"$wanted"*) ;; *) echo "$pair with $*: not $wanted, but"; echo "$said" | head -n 12; status=1 ;; esac
}
ends 'the run ends here' 'expect nb reservation == 96m'
ends 'PASS  ' 'expect violation progress'
ends 'got the run ended before it' 'expect nb reservation == 96m' 'expect violation progress'

# A file that unplugs nothing it has plugged is no fault: what was plugged by hand stays with UVM.
pair=harness/tests/drivers/2018/
said=$(make -s DRIVER="${pair}balloon.c" PHYSSEG="${pair}uvm_physseg.c" \
    SCENARIO="scenarios/limits/a-thousand-plugs.scn scenarios/physseg/unplugged-in-pieces.scn" replay 2>&1) ||
    { echo "$pair that unplugs nothing:"; echo "$said" | head -n 12; status=1; }

# The pair of 2021 moves to a larger P2M of its own when it grows: that is the one that is saved, and used when it wakes.
pair=harness/tests/drivers/2021/
cat >"$scenario" <<'END'
language 1
host mem=512m
domain nb kernel=netbsd memory=64m maxmem=128m p2m=exact
+0 xl mem-set nb 128m
+1s settle
+0 nb$ hold 90m
+0 xl save nb f
+0 xl restore f
+1s settle
+0 nb$ verify
+0 nb$ release
+0 xl mem-set nb 40m
+1s settle
expect nb reservation == 40m
+0 xl mem-set nb 128m
+1s settle
expect nb reservation == 128m
END
said=$(make -s DRIVER="${pair}balloon.c" PHYSSEG="${pair}uvm_physseg.c" SCENARIO="$scenario" replay 2>&1) ||
    { echo "$pair saved with a P2M of its own:"; echo "$said" | head -n 12; status=1; }
exit $status
