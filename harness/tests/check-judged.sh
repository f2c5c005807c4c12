#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Every scenario that holds for any driver, on the pairs of other years, also under seeds of a schedule. What a pair
# fails must be what drivers/YEAR/judged says: each row there was held against the pair's source, and names the fault
# of the driver that it comes from. A row that is not in it, or is missing from the table, is news: judge it, too.
#     check-judged.sh BALLAST [YEAR...]      (all years without one; RECORD=1 prints the rows in place of comparing them)
# A file `judged` has lines of these kinds, and comments that begin with #:
#     schedules N                            so many seeds (4 without it)
#     leave-out SCENARIO                     takes too long on this pair, or needs a clock
#     fault NAME: WORDS                      what is wrong in the driver, and where
#     SCENARIO VERDICT WORD... : NAME...     what it broke, and by which faults
ballast=$1
shift
[ $# -gt 0 ] || set -- $(ls harness/tests/drivers)
status=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# The table's rows that are neither PASS nor SKIP, one a line, with what was broken in the order of the alphabet.
rows() {
    awk 'function out() { if (row != "") print row }
        /^scenarios\// { out(); row = $2 == "PASS" || $2 == "SKIP" ? "" : $1 " " $2; next }
        row != "" && substr($0, 1, 40) ~ /^ +$/ && $1 ~ /^[a-z0-9-]+$/ { print row, $1 > "/dev/stderr"; next }
        END { out() }' 2>"$work/broken"
    cat "$work/broken"
}
# One line a scenario, its words sorted.
gathered() {
    LC_ALL=C sort -u | awk '$1 " " $2 != row { if (row != "") print line; row = $1 " " $2; line = row }
        { for (k = 3; k <= NF; k++) line = line " " $k } END { if (row != "") print line }'
}

for year; do
    pair=harness/tests/drivers/$year judged=harness/tests/drivers/$year/judged
    [ -e "$judged" ] || judged=/dev/null
    driver=$(harness/tests/amended.sh "$pair/balloon.c" "$work")
    schedules=$(sed -n 's/^schedules //p' "$judged")
    sed -n 's/^leave-out //p' "$judged" >"$work/left-out"
    scenarios=$(sed -n 's,^scenario @tree/,,p' "$(dirname "$ballast")/driver-scenarios" | grep -v -x -F -f "$work/left-out")
    "$ballast" check-driver --format table --driver "$driver" --driver "$pair" --physseg "$pair/uvm_physseg.c" --jobs 2 --timeout 300 \
        --schedules "${schedules:-4}" $scenarios >"$work/table" 2>&1
    rows <"$work/table" | gathered >"$work/seen"
    if [ -n "$RECORD" ]; then
        echo "# $year"; cat "$work/seen"
        continue
    fi
    sed -n 's/^\(scenarios[^:]*\) :.*/\1/p' "$judged" | gathered >"$work/known"
    grep -q '^[0-9]* scenario' "$work/table" || { echo "$pair: no table:"; head -n 5 "$work/table"; status=1; continue; }
    for fault in $(sed -n 's/^scenarios[^:]* : //p' "$judged"); do
        grep -q "^fault $fault: " "$judged" || { echo "$judged: no line explains the fault $fault"; status=1; }
    done
    cmp -s "$work/known" "$work/seen" && continue
    echo "$pair differs from $judged (< known, > seen):"
    diff "$work/known" "$work/seen" | grep '^[<>]'
    status=1
done
exit $status
