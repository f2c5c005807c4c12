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
# A name that a kernel has and the worlds lack: 8, as for a file that does not compile.
lacking() {
    { echo "#include <sys/callout.h>"; cat guest/netbsd/uvm_physseg.c
        echo "void physseg_lacks(callout_t *); void physseg_lacks(callout_t *c) { callout_stop(c); }"; } >"$work/lacking.c"
    "$ballast" check-segments --physseg "$work/lacking.c" >"$work/lacking" 2>&1
    code=$?
    [ "$code" = 8 ] && grep -q "lacks a definition of callout_stop" "$work/lacking" ||
        { echo "a file that calls what worlds lack is $code, not 8:"; head -n 20 "$work/lacking"; }
}
# What was found, as tests: they fail on that file, and pass on ours.
tests() { # YEAR
    folder=$work/tests
    "$ballast" check-segments --operations 3000 --physseg "$here/drivers/$1/uvm_physseg.c" --atf "$folder" >/dev/null 2>&1
    count=$(ls "$folder" | grep -c '^t_')
    for file in "$here/drivers/$1/uvm_physseg.c" guest/netbsd/uvm_physseg.c; do
        said=$(make -s TESTS="$folder" PHYSSEG="$file" atf 2>&1)
        failed=$count
        [ "$file" = guest/netbsd/uvm_physseg.c ] && failed=0
        case $said in
        *"kyua is not there"*) ;;
        *"$count tests, $failed failed"*) ;;
        *) echo "the tests of what was found in $1, on $file: not $failed failed of $count, but"; echo "$said" ;;
        esac
    done
}
{
    for fault in "$here"/segments/*.sed; do with_a_fault "$(basename "$fault" .sed)"; done
    lacking
    ours
} >"$work/first" 2>&1 &
{ for year; do of_a_year "$year"; done; tests 2018; } >"$work/second" 2>&1
wait
cat "$work/first" "$work/second"
[ ! -s "$work/first" ] && [ ! -s "$work/second" ]
