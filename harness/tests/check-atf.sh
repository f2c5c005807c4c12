#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Do the tests of a tree laid out as NetBSD's build as they are, over our segment file and those of other years, and give
# the verdicts that atf/netbsd/expected has? And does `make atf` say what it has to? Silent when all is well.
#     check-atf.sh BUILD [--record]      (--record writes the expectations anew)
set -u
unset MAKEFLAGS MFLAGS       # make is called here as a user calls it, not as a part of a stage
suite=harness/tests/atf/netbsd expected=harness/tests/atf/netbsd/expected
work=$1/atf/trees record=${2:+1}
rm -rf "$work"; mkdir -p "$work" "$expected"

lay_out() { # NAME SEGMENT: a source tree
    mkdir -p "$work/$1/sys/uvm" "$work/$1/tests/sys"
    cp "$2" "$work/$1/sys/uvm/uvm_physseg.c"
    cp -r "$suite/tests/sys/uvm" "$work/$1/tests/sys"
}
atf() { # NAME ARGUMENT...: what make atf says of the tree is in $said
    tree=$work/$1; shift
    said=$(make -s RECORD="$record" TESTS="$tree/tests/sys/uvm" PHYSSEG="$tree/sys/uvm/uvm_physseg.c" "$@" atf 2>&1)
    code=$?
}
wrong() { echo "check-atf: $*"; echo "$said" | head -n 20; }
says() { case $said in *"$1"*) ;; *) wrong "not said: $1" ;; esac; }

# as_expected NAME SEGMENT ARGUMENT...
as_expected() {
    name=$1
    lay_out "$name" "$2"
    [ -f "$expected/$name" ] && cp "$expected/$name" "$work/$name/tests/sys/uvm/baseline"
    shift 2
    atf "$name" "$@"
    [ -n "$record" ] && cp "$work/$name/tests/sys/uvm/baseline" "$expected/$name"
    [ $code -eq 0 ] || wrong "$name: make atf has failed"
    case $said in *warning:*) wrong "$name: a warning" ;; esac
}
many=-DVM_PHYSSEG_MAX=32
ours() {
    make -s atf >"$work/said" 2>&1 || cat "$work/said"
    as_expected ours guest/netbsd/uvm_physseg.c TEST_CFLAGS="$many -DSEGMENT_COUNT=physseg_by_frame.rbt_count"
    says 't_uvm_physseg: UVM_HOTPLUG is said in it or its options, so it is built with that, and not without'
    says 't_uvm_physseg.uvm_hotplug: the description of walk has a line break, which kyua refuses: given to it in one line'
    as_expected ours-one-segment guest/netbsd/uvm_physseg.c KPI_CFLAGS=-UDIAGNOSTIC
    as_expected ours-static guest/netbsd/uvm_physseg.c TEST_CFLAGS=-DWITHOUT_HOTPLUG KPI_CFLAGS="$many" CC=clang
}
of_a_year() { # YEAR
    as_expected "$1" "harness/tests/drivers/$1/uvm_physseg.c" TEST_CFLAGS="$many"
    says 'this file    ours'
    says 't_uvm_physseg_load.uvm_hotplug:calls_100K '
}
messages() {
    # Without a baseline a test that fails is a failure; and so is a verdict that is not the baseline's.
    lay_out fails harness/tests/drivers/2018/uvm_physseg.c
    rm "$work/fails/tests/sys/uvm"/t_*_load.c
    atf fails TEST_CFLAGS="$many"
    [ $code -ne 0 ] || wrong 'a failing test without a baseline, and make atf exits with 0'
    says '1 failed; no '
    cp "$expected/ours" "$work/fails/tests/sys/uvm/baseline"
    atf fails TEST_CFLAGS="$many"
    [ $code -ne 0 ] || wrong 'other verdicts than the baseline has, and make atf exits with 0'
    says 'not as in '

    # What is not there is named, and a test that counts on the kernel's own names is told how it gets them.
    said=$(make -s TESTS="$work/none" atf 2>&1); says "TESTS=$work/none: there is no such folder"
    said=$(make -s TESTS="$work/fails" atf 2>&1); says "TESTS=$work/fails: no t_*.c is in it"
    said=$(make -s PHYSSEG="$work/none.c" atf 2>&1); says 'none.c'
    mkdir -p "$work/lacks"
    printf '#include "uvm/uvm_physseg.c"\n' >"$work/lacks/t_lacks.c"
    said=$(make -s TESTS="$work/lacks" atf 2>&1); says 'TEST_CFLAGS=-D_KERNEL shows it the kernel'
}

ours >"$work/ours.wrong" 2>&1 &
for year in harness/tests/drivers/*/uvm_physseg.c; do
    year=$(basename "$(dirname "$year")")
    of_a_year "$year" >"$work/$year.wrong" 2>&1
done
[ -n "$record" ] || messages >"$work/messages.wrong" 2>&1
wait
cat "$work"/*.wrong
[ -z "$(cat "$work"/*.wrong)" ]
