#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The largest maxmem with which a guest of 64 MiB still boots, as a multiple of its memory, for each kernel that stands for a
# design: the column `largest` of `ballast compare`.
#     bench-boots.sh BALLAST
set -eu
scenario=$(mktemp)
trap 'rm -f "$scenario"' EXIT
printf 'language 1\nhost mem=512m\ndomain g kernel=netbsd memory=64m\n+0 settle\n' >"$scenario"
printf '%-52s %s\n' 'the largest maxmem with which 64 MiB boot' 'times memory'
"$1" compare "$scenario" --designs all --measures growth | awk '$3 ~ /^[0-9]+$/ { printf "    %-48s %s\n", $1, $3 }'
