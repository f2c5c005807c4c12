#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Does make take a user's paths with blanks, of a driver, segment code, a scenario and a folder of ATF programs, and
# refuse with a sentence the names that it can't take? Silent when all is well.
set -u
unset MAKEFLAGS MFLAGS       # make is called here as a user calls it, not as a part of a stage
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
src="$work/my own/it's src" status=0
mkdir -p "$src" "$work/a t"
cp harness/tests/drivers/2023/balloon.c guest/netbsd/uvm_physseg.c "$src"
cp scenarios/tour/shrink.scn "$work/a scenario.scn"
cp harness/tests/atf/t_plug.c harness/tests/atf/baseline "$work/a t"

said=$(make -s DRIVER="$src/balloon.c" PHYSSEG="$src/uvm_physseg.c" SCENARIO="$work/a scenario.scn" replay 2>&1)
case $said in PASS*"a scenario.scn"*) ;; *) echo "make replay: $said"; status=1 ;; esac
said=$(make -s DRIVER="$src/balloon.c" driver_scenarios=scenarios/tour/shrink.scn check-driver 2>&1)
case $said in *"1 scenario, 1 PASS"*) ;; *) echo "make check-driver: $said"; status=1 ;; esac
said=$(make -s TESTS="$work/a t" PHYSSEG="$src/uvm_physseg.c" atf 2>&1)
case $said in *"tests, all as in"*) ;; *) echo "make atf: $said"; status=1 ;; esac
said=$(make -n DRIVER="$src/balloon.c" SCENARIO="$work/a scenario.scn" COVERAGE=1 coverage-pages 2>&1)
case $said in *" '$work/a scenario.scn'"*) ;; *) echo "make coverage: $said"; status=1 ;; esac
# SCENARIO= may name two files.
said=$(make -s SCENARIO="scenarios/tour/shrink.scn scenarios/tour/p2m-ends.scn" replay 2>&1)
case $said in *"2 scenarios: 2 PASS"*) ;; *) echo "make replay of two: $said"; status=1 ;; esac

mv "$src/balloon.c" "$src/my balloon.c"
for wrong in "$src/balloon.c" "$src/my balloon.c"; do
    said=$(make -s DRIVER="$wrong" replay 2>&1) && status=1
    case $said in *"DRIVER=$wrong: there is no such file, or its own name has a blank"*) ;;
    *) echo "make replay DRIVER=$wrong: $said"; status=1 ;; esac
done
exit $status
