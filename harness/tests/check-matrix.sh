#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Drivers of other years and styles are built and linked with each compiler and each set of options, and each such kernel
# runs: it grows and shrinks once. A file may fail there as `judged` says; here it must build without a warning of our
# headers' making, boot, and shrink to its target.
#     check-matrix.sh BUILD [PAIR...]      (a folder of drivers/, or a file of styles/; all without one. BUILD is gcc's,
#                                           and BUILD/clang clang's)
build=$1
shift
[ $# -gt 0 ] || set -- harness/tests/drivers/*/ harness/tests/styles/*.c
status=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cat >"$work/down.scn" <<'END'
language 1
domain nb kernel=netbsd memory=64m
+0     xl mem-set nb 48m
+1s    settle
       expect nb reservation == 48m
END

for pair; do
    if [ -d "$pair" ]; then
        files="--driver $(harness/tests/amended.sh "${pair%/}/balloon.c" "$work") --driver ${pair%/} --physseg ${pair%/}/uvm_physseg.c"
    else
        files="--driver $pair"
    fi
    for compiler in gcc clang; do
        for options in "" "-DDIAGNOSTIC" "-DDEBUG" "-DDIAGNOSTIC -DDEBUG" "-UUVM_HOTPLUG" "-DVM_PHYSSEG_MAX=1" \
            "-DVM_PHYSSEG_STRAT=VM_PSTRAT_BIGFIRST" "-D__HAVE_PMAP_PHYSSEG -D__HAVE_VM_PAGE_MD" "-DUVM_PHYSSEG_LEGACY" \
            "-DUVM_PAGE_TRKOWN"; do
            said=$("$build$(echo "/$compiler" | sed s,/gcc,,)/ballast" replay $files --cflags="$options" "$work/down.scn" 2>&1) || {
                echo "$pair with $compiler $options: exit code $?"; echo "$said" | head -n 20; status=1; continue; }
            case $said in *warning:*) echo "$pair with $compiler $options:"; echo "$said" | head -n 20; status=1 ;; esac
        done
    done
done
exit $status
