#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Replays scenarios about the design sections-only on kernels that are changed in one place each (sections/NAME.sed, which names the
# scenario): each has to fail.
#     check-changed-sections.sh BUILD NAME...
build=$1
shift
wrong=0
for name; do
	scenario=scenarios/designs/$(sed -n 's/^# scenario: //p' "harness/tests/sections/$name.sed").scn
	"$build/ballast" replay --guest "$build/sections/$name" "$scenario" >"$build/sections/$name/said" 2>&1
	case $? in
	5 | 6) ;;
	*)
		echo "$scenario does not fail where harness/tests/sections/$name.sed has changed the kernel:"
		head -n 5 "$build/sections/$name/said"
		wrong=1
		;;
	esac
done
exit $wrong
