#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Shows as pages of HTML what the tests reach. For the guest's code each scenario is a test of its own, so that a line
# of a driver names the scenarios that reach it; for our own code all scenarios are one test, the unit tests another.
# usage: coverage.sh BUILD GUESTS PAGES SCENARIO..., from the project's root, with a build made by COVERAGE=1.
set -eu

build=$1 guests=$2 pages=$3
shift 3
# SCENARIO= of make's command line names others: one file, whose name may have blanks, or several.
if [ -n "${SCENARIO:-}" ]; then
	if [ -e "$SCENARIO" ]; then set -- "$SCENARIO"; else set -- $SCENARIO; fi
fi
work=$build/coverage
here=$(pwd -P)
strip=$(printf '%s' "$here" | tr -cd / | wc -c)
ours="harness reports sim"
# Are the guests ours, or a user's?
case $guests in
"$build/guest" | "$here/$build/guest") own=yes ;;
*) own=no ;;
esac
# Branches are counted, too, but for those of assertions, whose false side must never be taken.
# lcov 2 calls that otherwise, and would end at lines whose branches were left out and at patterns without a file.
case $(lcov --version) in
*'version 1.'*) branches="--rc lcov_branch_coverage=1 --rc genhtml_branch_coverage=1" ;;
*) branches="--branch-coverage --rc check_data_consistency=0 --ignore-errors unused" ;;
esac
rc="$branches --rc lcov_excl_br_line=KASSERT|assert"

rm -rf "$work" "$pages"
mkdir -p "$work"
find "$build" -name '*.gcda' -delete

# lcov talks about itself; what it says counts only when it fails.
quietly() {
	"$@" >>"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; exit 1; }
}

capture() { # NAME FOLDER INFO: nothing when nothing was reached
	[ -n "$(find "$2" -name '*.gcda' | head -n 1)" ] || return 0
	quietly lcov -q $rc -c -t "$1" -b "$here" -d "$2" -o "$3"
}

# Runs one scenario with its guests' counts in a folder of its own, beside the notes that the compiler made.
one() {
	name=$(printf '%s' "${1#scenarios/}" | sed 's/\.scn$//' | tr -c 'a-zA-Z0-9\n' _)
	folder=$work/one/$name
	mkdir -p "$folder"
	GCOV_PREFIX=$here/$folder GCOV_PREFIX_STRIP=$strip BALLAST_GUESTS=$guests \
	    "$build/ballast" replay --quiet --timeout "$(cat harness/tests/wait_s)" "$1" >"$work/one/$name.txt" || echo "$1" >>"$work/failed"
	for room in $ours; do rm -rf "${folder:?}/$build/$room"; done
	find "$folder" -name '*.gcda' | while read -r data; do
		note=${data#"$folder/"}
		ln -s "$here/${note%.gcda}.gcno" "${data%.gcda}.gcno"
	done
	capture "$name" "$folder" "$work/one/$name.info"
	rm -rf "$folder"
}

share() { # runs every second scenario: two of these run side by side
	half=$1 turn=0
	shift
	for scenario in "$@"; do
		turn=$((1 - turn))
		[ "$turn" = "$half" ] || one "$scenario"
	done
}
mkdir -p "$work/one"
share 0 "$@" &
other=$!
share 1 "$@"
wait $other

# Our own code is counted over all scenarios at once, and then over the unit tests.
rooms() { for room in $ours; do printf '%s ' "-d $build/$room"; done; }
ours_as() { # NAME
	quietly lcov -q $rc -c -t "$1" -b "$here" $(rooms) -o "$work/$1.info"
	find "$build" -name '*.gcda' -delete
}
find "$build" -name '*.gcda' -delete
BALLAST_GUESTS=$guests "$build/ballast" replay --quiet --timeout "$(cat harness/tests/wait_s)" --jobs 2 "$@" >"$work/scenarios.txt" || true
ours_as scenarios
BALLAST=$build/ballast BALLAST_GUESTS=$build/guest "$build/check" >"$work/units.txt" || echo "the unit tests" >>"$work/failed"
ours_as units

# With our own driver the stages of `make check` that call the program from a script are counted, too. Among them is the
# slice on the real Xen, whose guests are not built for gcov; where there is no real Xen it is skipped.
if [ $own = yes ]; then
	ln -sfn ../../guest/pv "$build/guest/pv"
	export BALLAST_GUESTS=$guests
	stages() {
		harness/tests/check-formats.sh "$build/ballast" "$guests" "$build/formats" || return
		harness/tests/has-xen.sh "$build/ballast" coverage 2>&3 || return 0
		"$build/ballast" replay --quiet --timeout $(cat harness/tests/wait_s) --on both scenarios/tour/*.scn &&
		    "$build/ballast" xen-fuzz --seed 1 --ops 800
	}
	stages 3>&2 >"$work/stages.txt" 2>&1 || echo "the stages: $work/stages.txt" >>"$work/failed"
	ours_as stages
fi

set --
for info in "$work"/*.info "$work"/one/*.info; do [ ! -s "$info" ] || set -- "$@" -a "$info"; done
quietly lcov -q $rc "$@" -o "$work/all"
# The tests themselves are left out, but not a driver that lies in one of their folders.
set --
for test in harness/tests/*.[ch]; do set -- "$@" "*/$test"; done
quietly lcov -q $rc -r "$work/all" '/usr/*' '*_test.c' '*_for_tests.h' "$@" '*/sim/test_guest.h' '*/sim/invariants/testing.h' -o "$work/shown"
quietly genhtml -q $rc --show-details --legend --title Ballast --prefix "$here" -o "$pages" "$work/shown"
[ ! -s "$work/failed" ] || { echo "not all passed:"; sort "$work/failed"; }
# The same in numbers: a line for each room, and for each file of the driver.
keep=
[ $own = no ] || [ -n "${SCENARIO:-}" ] || keep=${KEEP:+keep}
harness/tests/coverage-table.sh $keep <"$work/shown"
