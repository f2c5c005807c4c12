#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Does each of check-house.sh's checks fail when it should, with a sentence that names the file, and pass when it may?
# Each case is a few lines of input, made for it. The last two take the listing of our real objects, with one call more.
#     self-test.sh BUILD OBJECT...       the program's objects
set -eu
house=${0%/*}
check=$house/check-house.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0 build=$1
shift
nm -A -P "$@" >"$work/nm"

# $1 says which case; the check after it reads standard input and has to fail with $2 in what it says, or to pass when
# $2 is empty.
expect() {
	case=$1 wanted=$2
	shift 2
	if "$@" >"$work/said" 2>&1; then
		[ -z "$wanted" ] || { echo "house: $case: passes"; status=1; }
	elif [ -z "$wanted" ] || ! grep -q -F -e "$wanted" "$work/said"; then
		echo "house: $case: says"
		cat "$work/said"
		status=1
	fi
}

# Circles: of two files, of three, of headers; one that is allowed; one that was allowed and is gone.
printf '# none\n' >"$work/none"
printf 'sim/a.c sim/b.c: they are one subject\n' >"$work/allowed"
printf 'sim/a.c sim/b.c\n' >"$work/unexplained"
ring='call sim/a.c f sim/b.c
call sim/b.c g sim/a.c'
printf '%s\n' "$ring" | expect 'a circle of two files' 'that nobody allowed' "$check" circles "$work/none"
printf '%s\n' "$ring" | expect 'an allowed circle' '' "$check" circles "$work/allowed"
printf '%s\n' "$ring" | expect 'an allowed circle without a reason' 'gives no reason' "$check" circles "$work/unexplained"
printf '%s\ncall sim/b.c h sim/c.c\ncall sim/c.c i sim/a.c\n' "$ring" |
    expect 'an allowed circle that grew' 'sim/a.c sim/b.c sim/c.c' "$check" circles "$work/allowed"
printf 'call sim/a.c f sim/b.c\n' |
    expect 'a circle that is gone' 'this circle is gone, strike it from the list: sim/a.c sim/b.c' "$check" circles "$work/allowed"
printf 'include sim/a.h sim/b.h sim/b.h\ninclude sim/b.h sim/a.h sim/a.h\n' |
    expect 'headers that include each other' 'sim/a.h sim/b.h' "$check" circles "$work/none"

# Errors that are made on purpose: a script that changes its file, and one that does not any more.
printf 'one\n' >"$work/a.c"
printf '# file: %s\ns/one/two/\n' "$work/a.c" >"$work/changes.sed"
printf '# file: %s\ns/three/two/\n' "$work/a.c" >"$work/changes-not.sed"
echo "$work/changes.sed" | expect 'an error that is made' '' "$check" errors
echo "$work/changes-not.sed" | expect 'an error that is made no more' 'it no longer changes' "$check" errors

# Order: from below to above, beside, from above to below, a file without a room.
printf 'sim/low\nsim/left sim/right\nsim # the rest\n' >"$work/rooms"
echo 'call sim/low/a.c f sim/left/b.c' |
    expect 'a call upward' 'sim/low/a.c calls f of sim/left/b.c: sim/low stands below sim/left' "$check" order "$work/rooms"
echo 'include sim/left/b.h sim/machine.h sim/machine.h' |
    expect 'an include upward' 'sim/left/b.h includes sim/machine.h: sim/left stands below sim' "$check" order "$work/rooms"
echo 'call sim/left/b.c f sim/right/c.c' | expect 'a call to the room beside' 'stands beside' "$check" order "$work/rooms"
echo 'call sim/machine.c f sim/low/a.c' | expect 'a call downward' '' "$check" order "$work/rooms"
echo 'call attic/a.c f sim/low/a.c' | expect 'a file without a room' 'stands in no room' "$check" order "$work/rooms"

# The walls, as they stand.
echo 'include guest/netbsd/kern/log.c sim/machine.h sim/machine.h' |
    expect 'guest/ includes sim/' 'guest/netbsd/kern/log.c includes sim/machine.h' "$check" wall "$house/wall"
echo 'include guest/probe/calls.c harness/run/run.h harness/run/run.h' |
    expect 'guest/ includes harness/' 'guest/ may know only' "$check" wall "$house/wall"
echo 'include sim/machine.c guest/netbsd/kern/kern.h guest/netbsd/kern/kern.h' |
    expect 'sim/ includes a kernel' 'sim/ may know only' "$check" wall "$house/wall"
echo 'include reports/tap.c sim/machine.h sim/machine.h' |
    expect 'reports/ includes the machine' 'reports/ may know only' "$check" wall "$house/wall"
echo 'call reports/tap.c recorder_new sim/machine.c' |
    expect 'reports/ calls the machine' 'reports/tap.c calls recorder_new' "$check" wall "$house/wall"
echo 'include reports/names.c sim/record/record.h sim/record/record.h' | expect 'reports/ reads a record' '' "$check" wall "$house/wall"

# The library under sim/.
printf 'memcpy: bytes\n' >"$work/library"
printf 'b/sim/a.o: memcpy U\nb/sim/a.o: getenv U\nb/sim/a.o: f U\nb/sim/b.o: f T 0 0\n' |
    expect 'sim/ asks the environment' ': b/sim/a.o' "$check" library "$work/library"
printf 'b/sim/a.o: memcpy U\n' | expect 'sim/ copies' '' "$check" library "$work/library"
printf 'b/sim/a.o: __isoc23_memcpy U\n' | expect 'sim/ copies with a newer glibc' '' "$check" library "$work/library"

printf 'b/sim/a.o  :\nsection size addr\n.data.rel.ro 8 0\n.bss 4 0\n' |
    expect 'sim/ has a variable' 'b/sim/a.o: 4 bytes' "$check" globals
printf 'b/sim/a.o  :\nsection size addr\n.data.rel.ro 8 0\n.bss 0 0\n' | expect 'sim/ has a table' '' "$check" globals

# Names of one kernel, and long files.
printf 'int uvm_%s;\n' plug >"$work/named.c"
printf '%s: for this test\n' "$work/named.c" >"$work/named.allowed"
seq 701 >"$work/long.c"
seq 700 >"$work/short.c"
echo "$work/named.c" | expect 'a name of one kernel' "$work/named.c: names" "$check" names "$work/none"
echo "$work/named.c" | expect 'an allowed name of one kernel' '' "$check" names "$work/named.allowed"
echo "$work/long.c" | expect 'a name that is gone' 'strike it' "$check" names "$work/named.allowed"
printf '%s\n%s\n' "$work/long.c" "$work/short.c" | expect 'a long file' "$work/long.c: longer" "$check" length "$work/none"
echo "$work/short.c" | expect 'a file of 700 lines' '' "$check" length "$work/none"

# Paths.
printf '/* See sim/nowhere.c and (harness/run/no-file.sh); sim/record/record.h is there. */\n' >"$work/paths.c"
echo "$work/paths.c" | expect 'a path that is gone' "$work/paths.c:1: there is no sim/nowhere.c" "$check" paths
echo "$work/paths.c" | expect 'another one in its line' 'there is no harness/run/no-file.sh' "$check" paths
printf '/* sim/record/record.h, gone/sim/nowhere.c */\n' >"$work/paths.c"
echo "$work/paths.c" | expect 'paths that are there' '' "$check" paths

# The format, where there is the formatter.
if command -v clang-format-14 >/dev/null; then
	printf 'int  f(void)\n{\n  return 0;}\n' >"$work/ugly.c"
	cp .clang-format "$work"
	expect 'a file in no style' "$work/ugly.c" harness/tests/check-format.sh "$work/ugly.c"
fi

# Corpora come out of their files as they went in.
harness/tests/pack-corpus.sh unpack harness/tests/corpus/sysctl.txt "$work/corpus"
printf 'a\000\\b\n\377%%s' >"$work/corpus/odd"
harness/tests/pack-corpus.sh pack "$work/corpus" >"$work/packed"
harness/tests/pack-corpus.sh unpack "$work/packed" "$work/again"
for input in "$work"/corpus/*; do
	cat "$work"/again/* | grep -q -a -F -f "$input" || { echo "house: $input is lost by pack-corpus.sh"; status=1; }
done
found=no
for input in "$work"/again/*; do cmp -s "$input" "$work/corpus/odd" && found=yes; done
[ $found = yes ] || { echo "house: pack-corpus.sh changes an input"; status=1; }

# Our own objects: a call from sim/host to sim/toolstack has to be seen, and one to sim/record is none to speak of.
symbol_of() { # ROOM
	awk -v room="$build/$1/" 'index($1, room) == 1 && $3 == "T" { print $2; exit }' "$work/nm"
}
one_call_more() { # SYMBOL
	{ cat "$work/nm"; echo "$build/sim/host/pool.o: $1 U"; } | awk -v build="$build/" -f "$house/calls.awk" |
	    grep "^call sim/host/pool.c $1 "
}
above=$(symbol_of sim/toolstack) below=$(symbol_of sim/record)
one_call_more "$above" |
    expect 'sim/host calls the toolstack' "sim/host/pool.c calls $above of sim/toolstack/" "$check" order "$house/rooms"
one_call_more "$below" | expect 'sim/host calls the recorder' '' "$check" order "$house/rooms"
exit $status
