#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What a day of a host with a thousand guests takes, of processor time: guests of one kernel, and guests of different designs.
# At most a minute each. The designs need Debian's linux-source-6.1.
#     bench-days.sh BALLAST
ballast=$1
said=$(mktemp)
trap 'rm -f "$said"' EXIT

# The processor time of all that this shell has started so far, in seconds, into $said: a subshell would tell its own.
cpu_s() { times >"$said.times"; awk 'NR == 2 { split($0, t, /[ms ]+/); print t[1] * 60 + t[2] + t[3] * 60 + t[4] }' "$said.times" >"$said"; rm -f "$said.times"; }

day() { # WHAT SCENARIO
    cpu_s
    before=$(cat "$said")
    "$ballast" replay --quiet --timeout 3600 "$2" || { echo "bench-days: $2 does not pass: the number means nothing" >&2; exit 1; }
    cpu_s
    awk -v before="$before" -v what="$1" '{ s = $1 - before
        printf "%-52s %10.1f %-13s %s %-8g %s\n", what, s, "s", "at most ", 60, s <= 60 ? "held" : "NOT HELD" }' "$said"
}

day 'a day of 1,000 guests, balanced by xl' scenarios/contention/thousand-domains.scn
if "$ballast" list designs | grep -q '^pvops-2010 '; then
    day 'the same with guests of six designs' harness/bench/day-of-designs.scn
fi
