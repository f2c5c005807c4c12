#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Tells for how many conditions of a decision (`a && b` has two) the tests show that each by itself changes its outcome:
# MC/DC, as clang counts it. Writes pages with each decision and what it lacks, and prints a table: our two driver files, by
# scenarios alone, and sim/ by scenarios and unit tests.
# usage: mcdc.sh VERSION BUILD PAGES SCENARIO..., from the project's root, with a build made by CC=clang-VERSION COVERAGE=mcdc.
set -eu

version=$1 build=$2 pages=$3
shift 3
work=$build/mcdc
rm -rf "$work" "$pages"
mkdir -p "$work"
ln -sfn ../../guest/pv "$build/guest/pv" # some tests look for the images of the real Xen, which are not counted

# %m: one file for each program or image, which all its processes add to.
export LLVM_PROFILE_FILE="$(pwd -P)/$work/%m.profraw"
BALLAST_GUESTS=$build/guest "$build/ballast" replay --quiet --jobs 2 --timeout "$(cat harness/tests/wait_s)" "$@" >"$work/scenarios.txt" ||
	{ echo "not all scenarios passed:"; sed -n 's/^[A-Z]* *scenarios/   &/p' "$work/scenarios.txt"; }
BALLAST=$build/ballast BALLAST_GUESTS=$build/guest "$build/check" >"$work/units.txt" 2>&1 ||
	{ echo "not all unit tests passed:"; tail -n 3 "$work/units.txt"; }
"llvm-profdata-$version" merge -o "$work/all.profdata" "$work"/*.profraw

report() { # OBJECT... : a line for each file, its path, conditions, and those that miss a pair
	"llvm-cov-$version" report --show-mcdc-summary --show-region-summary=false --show-branch-summary=false \
	    -instr-profile "$work/all.profdata" "$@" | awk 'NF > 6 && $1 ~ /\.[ch]$/ { print $1, $(NF-2), $(NF-1) }'
}
{
	report "$build/guest/netbsd.so" | grep ' *guest/netbsd/[^/]*\.c '
	report "$build/check" -object "$build/ballast" | sed -n 's,^.*\(sim/[^ ]*\),\1,p' | grep -v '_test\.[ch]\|/test_guest\|/testing'
} | awk '
{ room = $1 ~ /^sim\/invariants\// ? "sim/invariants/" : $1 ~ /^sim\// ? "sim/, without invariants" : $1
  all[room] += $2; missed[room] += $3 }
END { for (room in all) printf "%-28s %4d of %4d conditions  %5.1f %%\n", room, all[room] - missed[room], all[room],
    all[room] ? 100 * (all[room] - missed[room]) / all[room] : 100 }' | sort
"llvm-cov-$version" show --use-color=false --format=html --show-mcdc --show-branches=count -output-dir "$pages" -instr-profile "$work/all.profdata" \
    "$build/guest/netbsd.so" -object "$build/check" guest/netbsd sim
echo "$pages/index.html"
