#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Runs the unit tests, two suites at a time, each suite in a process of its own. Prints one closing line in Check's form for
# all of them, and failures.
#     check-units.sh CHECK SUITE...
#     check-units.sh --one CHECK WORK SUITE
#
# Most suites need no fork for each test, which with the sanitizers costs more than most tests do. One that fails without
# forks is run once more with them: Check can name the test that crashed then, and nothing that an earlier test left behind
# is in the way.

# Their tests end their process, leave it changed, or keep what they took. The longest come first.
forking='no_memory_reports program runner worker remarks image_file image_cache image containment confinement kernels os_memory'

one() { # CHECK WORK SUITE: what counts is left in WORK/SUITE
    case " $forking " in
    *" $3 "*) ;;
    *) CK_FORK=no timeout "$(cat harness/tests/wait_s)" "$1" "$3" >"$2/.$3" 2>&1 && mv "$2/.$3" "$2/$3" && return 0 ;;
    esac
    forked=0
    CK_FORK=yes "$1" "$3" >"$2/$3" 2>&1 || forked=1
    [ $forked = 1 ] || [ -e "$2/.$3" ] || return 0
    echo "check-units: the suite $3 fails; the same again:  CK_FORK=$([ $forked = 1 ] && echo yes || echo no) $1 $3"
    [ $forked = 1 ] || echo "(only where its tests share a process: one finds what an earlier one left behind)"
    cat "$2/$([ $forked = 1 ] || echo .)$3"
    return 1
}

if [ "$1" = --one ]; then
    shift
    one "$@"
    exit
fi

check=$1
shift
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
{
    printf '%s\n' $forking
    printf '%s\n' "$@" | grep -vxF "$(printf '%s\n' $forking)"
} | xargs -P 2 -n 1 "$0" --one "$check" "$work"
status=$?
[ $status -eq 0 ] || status=1
cat "$work"/* | awk -F'[:,] *' '/^[0-9]+%: Checks/ { checks += $3; failures += $5; errors += $7 }
    END { if (checks == 0) exit 1
          printf "%d%%: Checks: %d, Failures: %d, Errors: %d\n", 100 * (checks - failures - errors) / checks, checks, failures, errors }' || status=1
exit $status
