#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# QEMU is killed in the middle of runs on the real Xen, as a kernel without memory does: that is an ERROR that says so.
# It is no guest's crash, and no difference between the model and Xen.
#     check-qemu-killed.sh BALLAST TIMES SCENARIO
set -eu
ballast=$1 times=$2 scenario=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

parent_of() { # PID
    sed 's/.*) . \([0-9]*\) .*/\1/' "/proc/$1/stat" 2>/dev/null || echo 0
}

# The QEMU that a worker of that ballast has started.
qemu_of() { # PID
    for folder in /proc/[0-9]*; do
        pid=${folder#/proc/}
        [ "$(cat "$folder/comm" 2>/dev/null)" = qemu-system-x86 ] || continue
        if [ "$(parent_of "$(parent_of "$pid")")" = "$1" ]; then
            echo "$pid"
            return
        fi
    done
}

killed=0 bad=0 n=0
while [ "$n" -lt "$times" ]; do
    n=$((n + 1))
    "$ballast" replay --on xen --timeout 600 "$scenario" > "$work/output" 2>&1 &
    run=$!
    qemu=
    while [ -z "$qemu" ] && kill -0 $run 2>/dev/null; do
        qemu=$(qemu_of $run)
    done
    # Each time a little later; Xen takes about a second to boot.
    sleep "$(awk -v n="$n" -v times="$times" 'BEGIN { print 3 * n / times }')"
    hit=no
    if [ -n "$qemu" ] && [ "$(qemu_of $run)" = "$qemu" ] && kill -9 "$qemu"; then
        hit=yes
    fi
    code=0
    wait $run || code=$?
    case $hit/$code in
    yes/4)
        killed=$((killed + 1))
        grep -q 'QEMU was killed' "$work/output" && ! grep -q ' died at event \| differ' "$work/output" && continue
        ;;
    yes/0 | no/0) continue ;; # it was done before
    esac
    echo "QEMU was killed in run $n of $scenario, which ended with $code:" >&2
    sed 's/^/    /' "$work/output" >&2
    bad=1
done
if [ "$killed" = 0 ]; then
    echo "no run of $scenario on the real Xen was killed in time" >&2
    bad=1
fi
exit $bad
