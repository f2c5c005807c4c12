#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Runs the unit tests in two halves side by side, since with the sanitizers most of their time goes into forking.
# Prints one closing line in Check's form for both halves, and failures.
#   check-units.sh CHECK
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

"$1" 1/2 >"$work/1" 2>&1 &
"$1" 2/2 >"$work/2" 2>&1
status=$?
wait $! || status=1
[ $status -eq 0 ] || cat "$work/1" "$work/2"
awk -F'[:,] *' '/^[0-9]+%: Checks/ { checks += $3; failures += $5; errors += $7; halves++ }
    END { if (halves == 2 && checks > 0)
              printf "%d%%: Checks: %d, Failures: %d, Errors: %d\n", 100 * (checks - failures - errors) / checks, checks, failures, errors
          else exit 1 }' "$work/1" "$work/2" || { cat "$work/1" "$work/2"; status=1; }
exit $status
