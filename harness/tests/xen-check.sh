#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Compares the model with the real Xen: every scenario on both, then random hypercalls. Prints what differed, and a
# table of how much agreed, whose figures it leaves in FOLDER, in a file for each known Xen (agreement.sh).
#   [XEN=4.17|4.20|FILE] xen-check.sh BALLAST FOLDER SEED OPS SCENARIO...
ballast=$1 folder=$2 seed=$3 ops=$4
shift 4
said=$(mktemp -d) || exit 1
trap 'rm -rf "$said"' EXIT

# Emulated, a scenario of half a million events takes a quarter of an hour, and thrice that on a busy machine.
"$ballast" replay --timeout $((4 * $(cat harness/tests/wait_s))) --on both ${XEN:+--xen "$XEN"} "$@" >"$said/scenarios" 2>&1
scenarios_status=$?
grep -v '^PASS\|^on Xen ' "$said/scenarios" | sed '$d'
"$ballast" xen-fuzz ${XEN:+--xen "$XEN"} --seed "$seed" --ops "$ops" >"$said/random" 2>&1
random_status=$?
sed '$d' "$said/random" | grep -v '^xen-fuzz: on Xen '
booted=$(sed -n 's/^xen-fuzz: on Xen \([^ ]*\) .*/\1/p' "$said/random")

# The last lines that ballast printed: "N scenarios: P PASS, S SKIP; H hypercalls answered by both, D differences", and "S
# statements, H hypercalls compared: D differences".
of() { sed -n "\$s/$2/\1/p" "$said/$1"; }
known=$(expr "$booted" : '\([0-9]*\.[0-9]*\)')
mkdir -p "$folder" || exit 1
cat >"$said/figures" <<END
booted ${booted:-?}
scenarios $(of scenarios '\([0-9]*\) scenarios: .*')
passed $(of scenarios '.*[ :]\([0-9]*\) PASS.*')
skipped $(of scenarios '.*[ :]\([0-9]*\) SKIP.*')
hypercalls $(of scenarios '.*; \([0-9]*\) hypercalls answered.*')
differences $(of scenarios '.*, \([0-9]*\) differences*$')
seed $seed
statements $(of random '.*, \([0-9]*\) statements.*')
random_hypercalls $(of random '.*, \([0-9]*\) hypercalls.*')
random_differences $(of random '.*compared: \([A-Z0-9]*\).*' | sed 's/^NO$/0/')
END
mv "$said/figures" "$folder/xen-${known:-unknown}"
harness/tests/agreement.sh "$folder"
[ $scenarios_status -ne 0 ] || exit $random_status
exit $scenarios_status
