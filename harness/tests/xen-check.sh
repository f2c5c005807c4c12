#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Compares the model with the real Xen: every scenario on both, then random hypercalls. Prints what differed, and a
# table of how much agreed.
#   [XEN=4.17|4.20|FILE] xen-check.sh BALLAST SEED OPS SCENARIO...
ballast=$1 seed=$2 ops=$3
shift 3
said=$(mktemp -d) || exit 1
trap 'rm -rf "$said"' EXIT

"$ballast" replay --timeout $(cat harness/tests/wait_s) --on both ${XEN:+--xen "$XEN"} "$@" >"$said/scenarios" 2>&1
scenarios_status=$?
grep -v '^PASS\|^on Xen ' "$said/scenarios" | sed '$d'
"$ballast" xen-fuzz ${XEN:+--xen "$XEN"} --seed "$seed" --ops "$ops" >"$said/random" 2>&1
random_status=$?
sed '$d' "$said/random" | grep -v '^xen-fuzz: on Xen '
booted=$(sed -n 's/^xen-fuzz: on \(Xen [^ ]*\) .*/\1/p' "$said/random")

# The last lines that ballast printed end with "H hypercalls answered by both, D differences", and with "S statements,
# H hypercalls compared: D differences".
scenarios=$(sed -n '$s/ scenarios: .*//p' "$said/scenarios")
skipped=$(sed -n '$s/.* \([0-9]*\) SKIP.*/\1/p' "$said/scenarios")
compared=$(sed -n '$s/.*; \([0-9]*\) hypercalls answered.*/\1/p' "$said/scenarios")
differences=$(sed -n '$s/.*, \([0-9]*\) differences$/\1/p' "$said/scenarios")
printf '%-34s %10s %12s %12s\n' "agreement with ${booted:-a Xen}" runs hypercalls differences
printf '%-34s %10s %12s %12s\n' "scenarios on both" $((${scenarios:-0} - ${skipped:-0})) "${compared:-?}" "${differences:-?}"
printf '%-34s %10s %12s %12s\n' "random, seed $seed" "$(sed -n '$s/.*, \([0-9]*\) statements.*/\1/p' "$said/random")" \
    "$(sed -n '$s/.*, \([0-9]*\) hypercalls.*/\1/p' "$said/random")" "$(sed -n '$s/.*compared: \([A-Z0-9]*\).*/\1/p' "$said/random")"
[ "${skipped:-0}" -eq 0 ] || echo "$skipped scenarios were not asked of the real Xen: why stands above, and in docs/real-xen.md"
[ $scenarios_status -ne 0 ] || exit $random_status
exit $scenarios_status
