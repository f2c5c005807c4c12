#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Looks for what Linux's balloon driver breaks: random scenarios (campaign/scenario.awk), and the causes of what fails, each once
# with its shortest scenario. The scenarios stay under BUILD/campaign.
#     campaign-linux.sh BUILD KERNEL RUNS FIRST      KERNEL: linux-6.1, linux-tree; seeds FIRST to FIRST + RUNS - 1
set -u
build=$1 kernel=$2 runs=$3 first=$4
work=$build/campaign/$kernel
[ -e "$build/guest/$kernel.so" ] || { echo "SKIP campaign-linux: there is no kernel $kernel here"; exit 0; }
rm -rf "$work"
mkdir -p "$work"
seed=$first
while [ "$seed" -lt $((first + runs)) ]; do
	awk -v seed="$seed" -v kernel="$kernel" -f harness/tests/campaign/scenario.awk >"$work/$seed.scn" || exit 1
	seed=$((seed + 1))
done
# Half of the runs switch threads where a seed says so. What a guest or the toolstack answers to a command is chance here.
find "$work" -name '*.scn' | sort >"$work/files"
xargs "$build/ballast" replay --quiet --jobs 2 --schedules 1 --timeout 180 --format causes <"$work/files" >"$work/causes"
awk 'BEGIN { RS = ""; ORS = "\n\n" } /then also/ || !/^[0-9]+\. (expect (lx\$|xl)[,: ]|remark)/ && !/^Remarks/' "$work/causes"
