#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Is the recording of a run the same wherever and however it is run? It is run twice, with and without address
# randomisation, in another folder, environment and locale, and one, two or three at a time.
# usage: check-repeats.sh BALLAST GUESTS FOLDER SCENARIO..., from the project's root. The folder is made anew.
# Ends with 1, and says by which change, when a recording differs.
set -eu

ballast=$(realpath "$1")
guests=$(realpath "$2")
folder=$3
shift 3
rm -rf "$folder"
mkdir -p "$folder/there/place with a blank/guests"
folder=$(realpath "$folder")
there="$folder/there/place with a blank"
different=0

replay() { # RECORDING SCENARIO: whatever its verdict is
	$before "$program" replay --quiet --seed 7 --record "$1" "$2" >/dev/null || [ $? -ge 5 ] || exit 4
}

# vary WORDS SCENARIO: one more run, by $before and $program, compared with the first.
vary() {
	replay "$folder/other.rec" "$2"
	cmp -s "$folder/first.rec" "$folder/other.rec" && return 0
	[ $different = 1 ] || "$ballast" diff "$folder/first.rec" "$folder/other.rec" >"$folder/difference" 2>&1 || true
	printf '%s: the recording differs %s\n' "${2##*/}" "$1" >&2
	different=1
}

export BALLAST_GUESTS="$guests"
cp "$ballast" "$there/ballast"
cp "$guests"/*.so "$there/guests"
for scenario in "$@"; do
	here=$(realpath "$scenario")
	before= program=$ballast
	replay "$folder/first.rec" "$here"
	vary "from run to run" "$here"
	before="setarch -R"
	vary "without address randomisation" "$here"
	before="env LC_ALL=C.UTF-8 LANG=tr_TR.UTF-8 TZ=Asia/Kathmandu"
	vary "in another locale and time zone" "$here"
	before="env -i BALLAST_GUESTS=$guests"
	vary "with an empty environment" "$here"
	before="env FILLING=$(printf '%4000s' '' | tr ' ' x) MALLOC_PERTURB_=90 MALLOC_ARENA_MAX=1"
	vary "with a larger environment and other heap contents" "$here"
	before="prlimit --stack=2097152 --core=0"
	vary "with a smaller stack" "$here"
	before="env -C $folder"
	cp "$here" "$there/"
	BALLAST_GUESTS=$there/guests program="$there/ballast"
	vary "from another folder" "$there/${here##*/}"
	BALLAST_GUESTS=$guests
done

# The results hold each recording's checksum, so they show whether jobs that run side by side disturb each other.
before= program=$ballast
for jobs in 1 2 3; do
	"$program" replay --format json --jobs $jobs "$@" >"$folder/jobs-$jobs.json" || [ $? -ge 5 ] || exit 4
	cmp -s "$folder/jobs-1.json" "$folder/jobs-$jobs.json" || {
		echo "results differ between --jobs 1 and --jobs $jobs" >&2
		different=1
	}
done
exit $different
