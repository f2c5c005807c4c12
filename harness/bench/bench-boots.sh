#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The largest maxmem with which a guest of 64 MiB still boots, as a multiple of its memory, for each kernel that stands for a
# design: found in halves, with the memory map that xl gives (e820=xl).
#     bench-boots.sh BALLAST
ballast=$1
memory=64
limit=1024 # times; more is not tried
scenario=$(mktemp)
trap 'rm -f "$scenario"' EXIT

boots() { # KERNEL MIB
    cat >"$scenario" <<END
language 1
host mem=${2}m
domain g kernel=$1 memory=${memory}m maxmem=${2}m e820=xl
+1s settle
END
    # A kernel that takes no memory map of xl's boots without one.
    "$ballast" replay --quiet "$scenario" >/dev/null 2>&1 && return
    sed -i 's/ e820=xl//' "$scenario"
    case $1 in netbsd*) "$ballast" replay --quiet "$scenario" >/dev/null 2>&1 ;; *) false ;; esac
}

printf '%-52s %s\n' 'the largest maxmem with which 64 MiB boot' 'times memory'
"$ballast" list designs | sed -n 's/^\([a-z0-9-]*\) .*/\1/p' | while read -r kernel; do
    low=1 high=$limit
    boots "$kernel" $((memory * limit)) && low=$limit
    while [ $((high - low)) -gt 1 ]; do
        middle=$(((low + high) / 2))
        if boots "$kernel" $((memory * middle)); then low=$middle; else high=$middle; fi
    done
    printf '    %-48s %s%s\n' "$kernel" "$low" "$([ $low -lt $limit ] || echo ' and more')"
done
