#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Builds each way of harness/tests/hostile/loaded.c to have code run when an image is loaded, and replays three scenarios on it: nothing
# of it runs. An image that wants that is refused, with the words that stand here; a file that doesn't compile is as good;
# what only looks like it ("runs") is an ordinary guest.
# usage: check-loaded.sh BALLAST [DEED]...
set -eu
ballast=$1
shift
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0
while read -r deed text; do
    [ $# -eq 0 ] || case " $* " in *" $deed "*) ;; *) continue ;; esac
    status=0
    "$ballast" build --driver "$here/loaded.c" --cflags "-DDEED=$deed -I$here" --output "$work/$deed" \
        > "$work/said" 2>&1 || status=$?
    case $status.$text in
    8.nothing) continue ;; # it doesn't compile or link
    0.nothing | [1-9]*) echo "hostile loaded $deed: its build ends with $status" >&2; sed 's/^/    /' "$work/said" >&2; bad=1; continue ;;
    esac
    scenario=scenarios/tour/shrink.scn
    status=0
    BALLAST_GUESTS=$work/$deed "$ballast" replay --jobs 1 $scenario $scenario $scenario > "$work/said" 2>&1 || status=$?
    if grep -q forged "$work/said" || ! grep -q '^3 scenarios: 3 \(ERROR\|FAIL\)$' "$work/said" ||
        { [ "$text" != runs ] && ! grep -qF -- "$text" "$work/said"; } ||
        { [ "$text" = runs ] && ! grep -q '^3 scenarios: 3 FAIL$' "$work/said"; }; then
        echo "hostile loaded $deed: \"$text\" is wanted, exit code $status; it printed:" >&2
        sed 's/^/    /' "$work/said" >&2
        bad=1
    fi
done <<LIST
1 a constructor or destructor
2 a constructor or destructor
3 a constructor or destructor
4 a constructor or destructor
5 nothing
6 a constructor or destructor
7 (_init, _fini)
8 (_init, _fini)
9 an indirect function
10 nothing
11 an indirect function
12 runs
13 a segment that is code and can be written
14 runs
LIST

# A segment file is also tried by itself, in a process that calls it directly.
{
    cat guest/netbsd/uvm_physseg.c
    sed -n '/^static __attribute__((used)) void mark/,/^}/p' "$here/loaded.c"
    echo '__attribute__((constructor)) static void early(void) { mark(); }'
} > "$work/segments.c"
"$ballast" check-segments --physseg "$work/segments.c" > "$work/said" 2>&1 || true
if grep -q forged "$work/said" || ! grep -qF 'a constructor or destructor' "$work/said"; then
    echo "hostile loaded: a segment file's constructor is not refused by check-segments; it printed:" >&2
    sed 's/^/    /' "$work/said" >&2
    bad=1
fi
exit $bad
