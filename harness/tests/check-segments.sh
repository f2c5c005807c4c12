#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Segment files in their small worlds: ours breaks no rule; those of other years break the rules that drivers/YEAR/segments
# lists, no more and no fewer; and ours with one fault breaks the rule that the fault's file in harness/tests/segments is
# named after. Silent when all is well.
#     check-segments.sh BUILD YEAR...      (all: each year)
#     check-segments.sh BUILD --record     writes the lists anew
set -u
ballast=$1/ballast record= here=harness/tests
shift
case $* in
--record) record=1; set -- all ;;
esac
[ "$*" != all ] || set -- $(cd "$here/drivers" && echo *)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# The rules of a report, each with the kernel, and whether the kernel's manual promises it.
rules() {
    awk '/ segments /  { kernel = $3; next }
        /^  broken/ { class = "promised"; next } /^  not as our own/ { class = "ours"; next }
        /^    [a-z]/ { print kernel, "UVM_HOTPLUG:", class, $1 }' "$1" | sort -u
}
ours() {
    "$ballast" check-segments --strict --operations 50000 >"$work/ours" 2>&1 ||
        { echo "our segment file breaks a rule:"; head -n 20 "$work/ours"; }
}
of_a_year() { # YEAR
    "$ballast" check-segments --operations 3000 --physseg "$here/drivers/$1/uvm_physseg.c" >"$work/$1" 2>&1
    rules "$work/$1" >"$work/$1.rules"
    [ -z "$record" ] || cp "$work/$1.rules" "$here/drivers/$1/segments"
    diff "$here/drivers/$1/segments" "$work/$1.rules" >"$work/$1.diff" ||
        { echo "the segment file of $1 breaks other rules than $here/drivers/$1/segments says:"; cat "$work/$1.diff"; }
}
with_a_fault() { # NAME
    sed -f "$here/segments/$1.sed" guest/netbsd/uvm_physseg.c >"$work/$1.c"
    cmp -s guest/netbsd/uvm_physseg.c "$work/$1.c" && echo "$here/segments/$1.sed changes nothing any more"
    "$ballast" check-segments --operations 3000 --physseg "$work/$1.c" >"$work/$1.said" 2>&1
    rules "$work/$1.said" | grep -q " promised $1\$" ||
        { echo "$here/segments/$1.sed: the rule $1 is not broken:"; head -n 20 "$work/$1.said"; }
}
{
    for fault in "$here"/segments/*.sed; do with_a_fault "$(basename "$fault" .sed)"; done
    ours
} >"$work/first" 2>&1 &
for year; do of_a_year "$year"; done >"$work/second" 2>&1
wait
cat "$work/first" "$work/second"
[ ! -s "$work/first" ] && [ ! -s "$work/second" ]
