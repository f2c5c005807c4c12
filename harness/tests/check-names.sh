#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A driver may call its own things as it likes: neither a header of ours nor the runtime takes a name that is not NetBSD's.
# Which names are, and which header declares each, stands in guest/netbsd/names.
# - Each name that a header makes known is there, and each name there is declared by the header that it stands under.
# - A driver compiles, links and runs that uses each name of the runtime, and of all drivers here, for something of its own.
#     check-names.sh BUILD FLAGS...      (the flags that drivers are compiled with)
build=$1
shift
flags=$*
work=$build/names
status=0
mkdir -p "$work"

complain() { # FILE WORDS: for each line of the file, with it in place of %
    while read -r line; do
        echo "$2" | sed "s|%|$line|g"
        status=1
    done <"$1"
}

(cd guest/netbsd/kpi && find . -name '*.h' | sed 's|^\./||' | sort) >"$work/headers"
sed 's/.*/#include <&>/' "$work/headers" >"$work/all.c"
sed '/^#/d; /^$/d' guest/netbsd/names | while IFS=: read -r header names; do
    for name in $names; do echo "$header $name"; done
done | sort -u >"$work/listed"
cut -d ' ' -f 2 "$work/listed" | sort -u >"$work/ours"

for options in "" "-DUVM_HOTPLUG -DDIAGNOSTIC -DDEBUG -D__HAVE_PMAP_PHYSSEG -D__HAVE_VM_PAGE_MD -DUVM_PAGE_TRKOWN"; do
    gcc -std=gnu17 -ffreestanding -nostdinc -isystem "$(gcc -print-file-name=include)" "$@" $options -E -dD "$work/all.c" |
        awk -v root=guest/netbsd/kpi/ -f harness/tests/names.awk
done | sort -u >"$work/found"
grep -v '^- ' "$work/listed" | comm -13 "$work/found" - >"$work/not-there"
complain "$work/not-there" 'guest/netbsd/names: no header declares this name as listed there (header, name): %'
awk 'FNR == NR { known[$1]; next } !($2 in known) { print $2 " (" $1 ")" }' "$work/ours" "$work/found" >"$work/leaks"
complain "$work/leaks" '%: is it NetBSD'\''s? Then list it in guest/netbsd/names under the header that declares it there.
If the runtime alone needs it, it belongs in guest/netbsd/kern, or begins with two underscores.'

# What the runtime and the drivers of this tree call their own, but for what the compiler made up.
own() { awk 'NF == 3 && $3 ~ /^[a-z][A-Za-z0-9_]*$/ { print $3 }'; }
of_driver() { # FILE
    gcc -std=gnu17 -O0 -w -ffreestanding -nostdinc -isystem "$(gcc -print-file-name=include)" $flags -DUVM_HOTPLUG \
        -c "$1" -o "$work/driver.o" 2>/dev/null && nm --defined-only "$work/driver.o" | own
}
{
    nm --defined-only "$build"/guest-objects/hotplug/kern/*.o "$build"/guest-objects/static/kern/*.o \
        "$build"/guest-objects/lib/*.o | own
    for file in guest/netbsd/balloon.c guest/netbsd/uvm_physseg.c harness/tests/drivers/*/*.c; do of_driver "$file"; done
} | sort -u | grep -v -x -f "$work/ours" | grep -v -x -E 'balloon_ca|xsd_errors' >"$work/free"
[ "$(wc -l <"$work/free")" -ge 300 ] || { echo "check-names: too few names of the runtime were found"; status=1; }

{ cat "$work/all.c"; sed 's/.*/static int &(void) { return 0; }/' "$work/free"; } >"$work/static.c"
for compiler in gcc clang; do
    "$compiler" -std=gnu17 -ffreestanding -nostdinc -isystem "$("$compiler" -print-file-name=include)" "$@" -DUVM_HOTPLUG \
        -DDIAGNOSTIC -DDEBUG -Wall -Wno-unused-function -Werror -fsyntax-only "$work/static.c" || status=1
done

# The driver's own functions are of the runtime's names; ours stands behind them, with its own names left out.
of_driver guest/netbsd/balloon.c | sort -u >"$work/in-ours"
{
    echo "#include \"$PWD/guest/netbsd/balloon.c\""
    comm -23 "$work/free" "$work/in-ours" | sed 's/.*/int &(void); int &(void) { panic("the runtime called the driver'\''s &"); }/'
} >"$work/driver.c"
said=$(make -s --no-print-directory DRIVER="$work/driver.c" SCENARIO='scenarios/tour/grow-past-boot.scn scenarios/lifecycle/save-and-restore.scn' \
    REPLAY_FLAGS=--quiet replay 2>&1) || { echo "$said" | head -n 20; status=1; }
exit $status
