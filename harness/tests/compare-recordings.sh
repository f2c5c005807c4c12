#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Are the recordings of several builds the same, byte for byte? Silent when they are.
#     compare-recordings.sh FOLDER OTHER-FOLDER...
set -eu

first=$1
shift
[ -n "$(ls "$first"/*.rec 2>/dev/null)" ] || { echo "$first holds no recording" >&2; exit 1; }
different=0
for other in "$@"; do
	for recording in "$first"/*.rec; do
		name=${recording##*/}
		if ! cmp -s "$recording" "$other/$name"; then
			echo "$name differs between $first and $other; see: build/ballast diff $recording $other/$name" >&2
			different=1
		fi
	done
done
exit $different
