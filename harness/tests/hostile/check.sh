#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Tries each way to hurt the harness: every deed of the list gets a scenario of its own, and the scenario behind it has
# to pass. All deeds of a driver run in one `ballast replay`, one at a time and then two at a time.
# usage: check.sh BALLAST DRIVER GUESTS
set -eu
ballast=$1 driver=$2 guests=$3
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

scenario() { # FILE DEED WHERE
    case $3 in sysctl) number=1 ;; thread) number=2 ;; callout) number=3 ;; watch) number=4 ;; esac
    printf 'language 1\nhost mem=256m\ndomain nb kernel=netbsd memory=64m\n'
    printf '+0 nb$ sysctl -w machdep.hostile.%s=%s\n' "$2" "$number"
    # Any target will do: writing it fires the watch.
    if [ "$3" = watch ]; then printf '+0 xenstore-write /local/domain/1/memory/target 65536\n'; fi
    printf '+1s settle\n'
}

deeds=$(grep "^$driver " "$here/deeds")
files= count=0
while read -r _ deed where _; do
    count=$((count + 1))
    name=$work/$(printf '%03d' "$count")
    scenario "$name" "$deed" "$where" > "$name-$deed.scn"
    printf 'language 1\nhost mem=256m\ndomain nb kernel=netbsd memory=64m\n+1s settle\nexpect nb reservation == 64m\n' \
        > "$name-then.scn"
    files="$files $name-$deed.scn $name-then.scn"
done <<LIST
$deeds
LIST

bad=0
complain() { # FILE WHAT
    echo "hostile $driver: $2; it printed:" >&2
    sed 's/^/    /' "$1" >&2
    bad=1
}

# The output of each file alone, in the order in which they were named.
one_each() { # OUTPUT
    rm -f "$work"/part-*
    awk -v prefix="$work/part-" \
        '/^(PASS|FAIL|CRASH|ERROR|TIMEOUT|SKIP) +/ { n++ } /^[0-9]+ scenarios: / { exit } n { print > (prefix sprintf("%03d", n)) }' "$1"
}

for jobs in 1 2; do
    # shellcheck disable=SC2086
    BALLAST_GUESTS=$guests "$ballast" replay --jobs $jobs $files > "$work/output" 2>&1 || true
    one_each "$work/output"
    n=0
    while read -r _ deed where verdict text; do
        part=$work/part-$(printf '%03d' $((2 * n + 1))) next=$work/part-$(printf '%03d' $((2 * n + 2)))
        n=$((n + 1))
        [ -f "$next" ] || { complain "$work/output" "no result for $deed ($where)"; break; }
        grep -q "^$verdict " "$part" || complain "$part" "$deed ($where) is no $verdict"
        [ -z "$text" ] || grep -qF -- "$text" "$part" || complain "$part" "$deed ($where) doesn't say \"$text\""
        # The report of a crash names the guest's functions, and the driver's file among them.
        if [ "$verdict" = CRASH ]; then
            # One that leaves its code without a call has lost who called it.
            case $deed in
            *_lost) continue ;;
            esac
            grep -q '^      | in [a-z_]*\.[chS]:[0-9]* ([A-Za-z0-9_]*)$' "$part" || complain "$part" "$deed ($where) names no function"
            # A deed of this kind is found later by the idle loop, where the driver is no longer on the stack.
            case $deed in
            *_alone) ;;
            *) grep -q "$driver\.c:[0-9]* (" "$part" || complain "$part" "$deed ($where) doesn't name $driver.c"
            esac
            grep -q ':[0-9]*:1: nb \(died\|panicked\) at event' "$part" || complain "$part" "$deed ($where) names no line"
        fi
        # So does that of a misuse of locks and levels, also where it is seen when the driver has returned.
        case $driver.$verdict in
        locks.FAIL) grep -q "guest-contained: .*\($driver\.c\|hostile\.h\):[0-9]* (" "$part" || complain "$part" "$deed ($where) does not name $driver.c" ;;
        esac
        grep -q '^PASS ' "$next" || complain "$next" "the scenario after $deed ($where) doesn't pass"
    done <<LIST
$deeds
LIST
done
exit $bad
