#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Kernels with one fault in what they do with pages, as a script NAME.sed in guest-faults/ makes them of ours. A header:
#     # file: FILE               which it changes
#     # on: sim xen              where it is run, which may be both; `sim xen` when the line is missing
#     # scenarios: NAME...       each must fail on it ...
#     # wants: INVARIANT...      ... with all of these
#     # says: TEXT               and with these words, below the verdict; one such line, several or none
#     check-guest-faults.sh BUILD sim|xen NAME...      sim: those that run there; xen: the others
build=$1 where=$2
shift 2
status=0

complain() {
	head -n 12 "$said"
	echo "$script: scenarios/$scenario.scn --on $on $1"
	status=1
}

replay() {
	BALLAST_GUESTS=$build/guest-faults/$name/guest "$build/ballast" replay --timeout $(cat harness/tests/wait_s) --on "$on" \
	    "scenarios/$scenario.scn" >"$said"
	case $? in
	5) ;;
	3) # No real Xen here: it says what is missing. In the simulator nothing is.
		[ "$on" = sim ] && complain "is skipped, and nothing was tested" || cat "$said"
		return ;;
	*) complain "does not fail"; return ;;
	esac
	for invariant in $(sed -n 's/^# wants: //p' "$script"); do
		grep -q "^  $invariant: " "$said" || complain "says nothing of $invariant"
	done
	while read -r sentence; do
		[ -z "$sentence" ] || grep -q -F "$sentence" "$said" || complain "does not say: $sentence"
	done <<END
$(sed -n 's/^# says: //p' "$script")
END
}

for name in "$@"; do
	script=harness/tests/guest-faults/$name.sed
	backends=$(sed -n 's/^# on: //p' "$script")
	for on in ${backends:-sim xen}; do
		case $on in sim) [ "$where" = sim ] ;; *) [ "$where" = xen ] ;; esac || continue
		said=$build/guest-faults/$name/said-$on
		for scenario in $(sed -n 's/^# scenarios: //p' "$script"); do
			replay
		done
	done
done
exit $status
