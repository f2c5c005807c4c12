#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Is the verdict about the files that were named? Odd paths work, or are refused in one sentence, and never test ours;
# so do misspelt names, empty ones, several files, files from another folder, and files that are replaced by older ones.
# Silent when all is well.
#     check-files.sh [BUILD]
set -u
unset MAKEFLAGS MFLAGS MAKELEVEL BALLAST_GUESTS      # make is called here as a user calls it, not as a part of a stage
build=${1:-build} root=$PWD
ballast=$root/$build/ballast
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
: >"$work/complaints"
work=$(cd "$work" && pwd -P)

complain() { printf '%s: %s\n' "$1" "$(printf '%s\n' "$said" | head -n 8)" >>"$work/complaints"; }
expect() { # WHAT WANTED: a part of what was said
    case $said in *"$2"*) ;; *) complain "$1: not \"$2\" but" ;; esac
}
refuse() { # WHAT WANTED: the same, and nothing may pass
    expect "$1" "$2"
    case $said in *PASS*) complain "$1: a verdict that is about other files" ;; esac
}
fast=$work/fast.scn
printf 'language 1\nhost mem=256m\ndomain nb kernel=netbsd memory=32m\n+1s settle\nexpect nb reservation == 32m\n' >"$fast"
other=harness/tests/drivers/2023/balloon.c

# ---- odd paths: a driver that does not compile, wherever it lies; whoever passes has tested another one

printf '#error this is the one that was named\n' >"$work/bad.c"
newline='
'
tab=$(printf '\t') esc=$(printf '\033') bytes=$(printf '\377\376') long=$(printf '%0200d' 0)
odd() { # NAME: in a folder called so through make, and called so itself without
    mkdir -p "$work/odd/$1"
    cp "$work/bad.c" "$work/odd/$1/driver.c"
    cp "$work/bad.c" "$work/odd/$1.c"
    said=$(make -s DRIVER="$work/odd/$1/driver.c" SCENARIO="$fast" replay 2>&1)
    refuse "make DRIVER=…/$1/driver.c" 'this is the one that was named'
    expect "make DRIVER=…/$1/driver.c" 'exit code 8'
    said=$(cd "$work/odd" && "$ballast" replay --driver="$1.c" "$fast" 2>&1) || [ $? = 8 ] || complain "--driver='$1.c' is not 8"
    refuse "--driver='$1.c'" 'this is the one that was named'
}
each() { for name; do odd "$name"; done; }
cd "$root" || exit 1
each 'a b' ' lead' 'trail ' 'two  blanks' 'a:b' 'a;b' 'a#b' 'a&b' 'a|b' 'a(b)c' 'a=b' 'a$b' 'a$(touch x)b' 'a`touch x`b' \
    'a$(shell touch x)b' 'a"b' "a'b" 'a\b' 'übergröße' &
each 'a*b' 'a?b' 'a[b]' 'a{b,c}' '-dash' '--help' '~' 'a%b' 'a,b' 'a<b>c' 'a!b' '@file' \
    "a${newline}b" "a${tab}b" "a${esc}[31mb" "$bytes" "$long" '$$' '$@' 'a\ b'
wait
said='a path was executed'
[ ! -e x ] && [ ! -e "$work/x" ] && [ ! -e "$work/odd/x" ] || complain "$PWD"

# ---- and one that compiles, with a scenario and a folder of headers of odd names, too

src="$work/my own/it's \$src" && mkdir -p "$src/inc lude"
sed 's/^#include <sys\/param.h>/#include "extra.h"\n&/' "$other" >"$src/my balloon.c"
printf '#define EXTRA 1\n' >"$src/inc lude/extra.h"
cp guest/netbsd/uvm_physseg.c "$src"
cp scenarios/tour/shrink.scn "$work/a scenario.scn"
said=$(make -s DRIVER="'$work/my own/it'\\''s \$src/my balloon.c' \"$src/inc lude\"" PHYSSEG="$src/uvm_physseg.c" \
    SCENARIO="$work/a scenario.scn" KPI_CFLAGS="-DDIAGNOSTIC -DTEXT='\"a b\"'" replay 2>&1)
expect 'make replay' 'PASS'
expect 'make replay' 'driver my balloon.c xxh64:'
expect 'make replay' 'physseg uvm_physseg.c xxh64:'
expect 'make replay' ', -DDIAGNOSTIC'

mkdir "$work/a t" && cp harness/tests/atf/t_plug.c harness/tests/atf/baseline "$work/a t"
said=$(make -s TESTS="$work/a t" PHYSSEG="$src/uvm_physseg.c" atf 2>&1)
expect 'make atf' 'tests, all as in'

# ---- a mistake is told once, though a file is compiled for each variant of the kernel; of what only one of them has, both

once() { # WHAT PART
    [ "$(printf '%s\n' "$said" | grep -cF "$2")" = 1 ] || complain "$1: not once \"$2\" but"
}
said=$(make -s DRIVER="$work/bad.c" SCENARIO="$fast" replay 2>&1)
once 'a mistake' 'error: #error this is the one that was named'
once 'a mistake' "don't compile or link"
sed 's/^#include <sys\/param.h>/&\nint broken = ;/' "$other" >"$work/syntax.c"
said=$("$ballast" build --driver "$work/syntax.c" --output "$work/syntax" 2>&1)
once 'a mistake of syntax' 'syntax.c:'
printf '#ifdef UVM_HOTPLUG\n#error with hotplug\n#else\n#error without\n#endif\n' >"$work/both.c"
said=$("$ballast" build --driver "$work/both.c" --output "$work/both" 2>&1)
once 'two mistakes' 'error: #error with hotplug'
once 'two mistakes' 'error: #error without'

# ---- names that are misspelt, empty, or no files

for wrong in "DRIVR=$other DRIVER" "PHYSEG=$other PHYSSEG" "driver=$other DRIVER" "BALLAST_GUEST=x BALLAST_GUESTS" \
    "SCENARIOS=x SCENARIO" "KPI_CFLAG=-DX KPI_CFLAGS" "NETBDS=x NETBSD" "REPLAY_FLAG=x REPLAY_FLAGS"; do
    said=$(make -s "${wrong% *}" SCENARIO="$fast" replay 2>&1) && complain "make ${wrong% *}"
    refuse "make ${wrong% *}" "did you mean ${wrong##* }"
done
said=$(make -s BALLOON="$other" SCENARIO="$fast" replay 2>&1)
refuse 'make BALLOON=' "BALLOON=, a name that this Makefile doesn't know"
for wrong in chek-driver:check-driver replya:replay driver:check-driver; do
    said=$(make -s "${wrong%:*}" DRIVER="$other" SCENARIO="$fast" 2>&1)
    [ $? = 2 ] || complain "make ${wrong%:*} is not 2"
    refuse "make ${wrong%:*}" "did you mean \`make ${wrong#*:}\`?"
done
said=$(make -n pack-scenario 2>&1) || complain 'make pack-scenario is no target'
for wrong in frobnicate build/frobnicate "it's"; do
    said=$(make -s "$wrong" 2>&1)
    [ $? = 2 ] || complain "make $wrong is not 2"
    expect "make $wrong" "*** No rule to make target '$wrong'.  Stop."
done
said=$(BALLAST_GUSTS=$work "$ballast" replay "$fast" 2>&1) || [ $? = 4 ] || complain 'BALLAST_GUSTS= is not 4'
refuse 'BALLAST_GUSTS=' 'did you mean BALLAST_GUESTS?'
for wrong in DRIVER= PHYSSEG= SCENARIO= NETBSD= "DRIVER=$work/gone.c" "DRIVER=$work/gone's.c" "DRIVER=$fast" "DRIVER=$work" \
    "KPI_CFLAGS=-DX='" 'KPI_CFLAGS=-DX="a' 'REPLAY_FLAGS=--jobs "2' "NETBSD=$work"; do
    case $wrong in SCENARIO=*) said=$(make -s "$wrong" replay 2>&1) ;; *) said=$(make -s "$wrong" SCENARIO="$fast" replay 2>&1) ;; esac
    refuse "make $wrong" 'ballast: exit code 4'
done

# ---- from another folder, and out of a source tree

mkdir -p "$work/tree/sys/arch/xen/xen" "$work/tree/sys/uvm"
{ printf '/*\t$NetBSD: balloon.c,v 1.99 2023/01/02 03:04:05 nobody Exp $\t*/\n'; cat "$other"; } >"$work/tree/sys/arch/xen/xen/balloon.c"
cp harness/tests/drivers/2023/uvm_physseg.c "$work/tree/sys/uvm"
said=$(cd "$work/tree/sys/arch/xen/xen" && make -s -C "$root" DRIVER=balloon.c SCENARIO=../../../../../fast.scn replay 2>&1)
expect 'make -C' 'driver balloon.c xxh64:'
expect 'make -C' 'PASS'
said=$(make -s NETBSD="$work/tree" SCENARIO="$fast" check-driver 2>&1)
expect 'make NETBSD=' 'driver: '"$work"'/tree/sys/arch/xen/xen/balloon.c  $NetBSD: balloon.c,v 1.99 2023/01/02 03:04:05 nobody Exp $'"$newline"'physseg: '
expect 'make NETBSD=' 'judged: driver balloon.c xxh64:'
expect 'make NETBSD=' '1 scenario, 1 PASS'

# ---- content decides, and not the date; two files of one driver

cp "$other" "$work/d.c"
said=$("$ballast" replay --driver "$work/d.c" "$fast" 2>&1)
expect 'a driver' 'PASS'
cp "$work/bad.c" "$work/d.c" && touch -d '2001-01-01' "$work/d.c"
said=$("$ballast" replay --driver "$work/d.c" "$fast" 2>&1) && complain 'an older file is not compiled'
refuse 'an older file' 'this is the one that was named'
cp "$other" "$work/d.c"
printf 'int nowhere(void);\nint ballast_second(void);\nint ballast_second(void)\n{\n\treturn 1;\n}\n' >"$work/second.c"
said=$("$ballast" replay --driver "$work/d.c" --driver "$work/second.c" "$fast" 2>&1)
expect 'two files' 'PASS'
expect 'two files' ', driver second.c xxh64:'
said=$("$ballast" build --driver "$work/d.c" --output "$work/out" 2>&1) || complain 'a driver is not built'
said=$("$ballast" replay --guest "$work/out" "$fast" 2>&1)
expect 'replay --guest' 'PASS'
case $said in *'has changed since'*) complain 'a file that has not changed' ;; esac
printf '\n/* edited */\n' >>"$work/d.c"
said=$("$ballast" replay --guest "$work/out" "$fast" 2>&1)
expect 'an edited file' 'PASS'
expect 'an edited file' "$work/d.c has changed since the guests of --guest $work/out were built of it; --driver $work/d.c in place"
cp "$other" "$work/d.c"
said=$("$ballast" build --driver "$work/d.c" --driver "$work/second.c" --physseg "$src/uvm_physseg.c" --output "$work/out" 2>&1) ||
    complain 'three files are not built'
printf '\n/* edited */\n' >>"$work/second.c"
said=$("$ballast" replay --guest "$work/out" "$fast" 2>&1)
expect 'one of three is edited' "$work/second.c has changed since"
expect 'one of three is edited' "; --driver $work/d.c --driver $work/second.c --physseg $'"
expect 'one of three is edited' "/uvm_physseg.c' in place of --guest"
sed 's/return 1/return nowhere()/' "$work/second.c" >"$work/third.c"
said=$("$ballast" build --driver "$work/d.c" --driver "$work/third.c" --output "$work/out" 2>&1) || [ $? = 8 ] || complain 'not 8'
expect 'a name that is nowhere' 'lacks a definition of nowhere'
said=$("$ballast" replay --guest "$work/out" "$fast" 2>&1) && complain 'a folder whose build failed is replayed'

# ---- the recording has no path, and the file beside it has

printf 'language 1\nhost mem=256m\ndomain nb kernel=netbsd memory=32m\n+1s settle\n' >"$work/r.scn"
said=$("$ballast" replay --driver "$work/d.c" --record "$work/r.rec" "$work/r.scn" 2>&1)
grep -q "^driver $work/d.c\$" "$work/r.rec.places" || complain 'the places have no path'
! grep -q -F "$work" "$work/r.rec" || complain 'the recording has a path'
grep -q 'file driver xxh64:[0-9a-f]* d.c' "$work/r.rec" || complain "the recording doesn't say whose driver it was"

# ---- several at a time of one driver, in one tree, with others behind them

sed 's/^#include <sys\/param.h>/\/* at once *\/\n&/' "$other" >"$work/once.c"
for n in 1 2 3 4; do
    make -s DRIVER="$work/once.c" SCENARIO="$fast" replay >"$work/once.$n" 2>&1 &
done
wait
for n in 1 2 3 4; do
    said=$(cat "$work/once.$n")
    expect 'four at once' 'PASS'
    expect 'four at once' 'driver once.c xxh64:'
done

# Patterns are matched from where make was called, too; a folder stands for what is in it, and - for standard input.
mkdir -p "$work/a [b] folder/in"
cp "$fast" "$work/a [b] folder/one.scn"
cp "$fast" "$work/a [b] folder/in/two.scn"
for scenario in '*.scn in/t*.scn' "'$work/a [b] folder'"; do
    said=$(cd "$work/a [b] folder" && make -s -C "$root" SCENARIO="$scenario" replay 2>&1)
    expect "SCENARIO=$scenario" '2 scenarios: 2 PASS'
done
said=$(make -s SCENARIO='scenarios/tour/s*.scn' replay 2>&1)
expect 'a pattern in the clone' 'PASS    scenarios/tour/shrink.scn'
said=$(make -s SCENARIO=- replay <"$fast" 2>&1)
expect 'standard input' 'PASS    -'

said=$("$ballast" replay --driver harness/tests/drivers/2023/balloon.c "$fast" 2>&1 >/dev/null)
[ -z "$said" ] || complain 'a build in which all is well prints'

# ---- what a failure says to type can be typed, with the user's files, in each format

printf 'language 1\nhost mem=256m\ndomain nb kernel=netbsd memory=32m\n+1s settle\nexpect nb reservation == 31m\n' >"$work/it's.scn"
for format in text json junit; do
    said=$(make -s DRIVER="$src/../it's \$src/my balloon.c" KPI_CFLAGS="\"-I$src/inc lude\"" SCENARIO="$work/it's.scn" \
        REPLAY_FLAGS="--format $format" replay 2>&1)
    expect "$format" 'exit code 5, FAIL'
    case $format in
    text) line=$(printf '%s\n' "$said" | sed -n 's/^  replay to there:  //p') ;;
    json) line=$(printf '%s\n' "$said" | sed -n 's/.*replay to there:  \([^\n]*\)\\n  in the debugger.*/\1/p' | sed 's/\\\\/\\/g; s/\\"/"/g') ;;
    junit) line=$(printf '%s\n' "$said" | sed -n 's/^  replay to there:  //p' | sed 's/&quot;/"/g; s/&amp;/\&/g') ;;
    esac
    said=$(bash -c "$line" 2>&1)
    expect "$format: $line" 'FAIL'
    expect "$format: $line" 'driver my balloon.c xxh64:'
done

cat "$work/complaints"
[ ! -s "$work/complaints" ]
