#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Is the house as docs/architecture.md says? Each check reads lists from its standard input and from this folder, is
# silent when all is well, and says for each fault which file it is about and what to do.
#     check-house.sh all BUILD PROGRAM...      every check; a PROGRAM is the list of its objects, as one word
#     check-house.sh circles ALLOWED <USES     files that use one another in a circle: those listed, no more, no fewer
#     check-house.sh order ROOMS <USES         nothing below uses what is above
#     check-house.sh wall WALL <USES           each room uses the rooms that it may know, and no other
#     check-house.sh library ALLOWED <NM       what the objects of sim/ want of the C library
#     check-house.sh globals <SIZES            no variable of sim/ outlives a run
#     check-house.sh names ALLOWED <FILES      no general room names what only one kernel has
#     check-house.sh paths <FILES              a file of ours that is named is there
#     check-house.sh length ALLOWED <FILES     no file of more than 700 lines
#     check-house.sh errors <FILES             a script that makes a file wrong on purpose still changes it
# USES are the lines of calls.awk and includes.sh, NM is what `nm -A -P` prints,
# SIZES what `size -A` prints. In each list of what is allowed a line
# is what it allows, a colon and the reason. A line that allows nothing any more is a fault, too, but for the library's.
set -eu
export LC_ALL=C
house=${0%/*}

# What is allowed and what was found, each a sorted list: what to say of a line in one of them only.
compare() { # ALLOWED FOUND WORDS-OF-A-NEW-ONE WORDS-OF-A-STALE-ONE
	sed -e '/^#/d' -e '/^$/d' -e 's/:.*//' "$1" | sort >"$work/allowed"
	sed '/^#/d; /^$/d; /: ./d; s/$/: the line gives no reason/' "$1" >"$work/faults"
	comm -13 "$work/allowed" "$2" | sed "s|.*|$3|" >>"$work/faults"
	comm -23 "$work/allowed" "$2" | sed "s|.*|$4 $1|" >>"$work/faults"
	tell
}
tell() {
	[ -s "$work/faults" ] || return 0
	cat "$work/faults" >&2
	return 1
}

circles() {
	awk -f "$house/circles.awk" | sort >"$work/found"
	compare "$1" "$work/found" \
	    "these files use one another in a circle that nobody allowed; cut it, or give its reason in $1: &" \
	    'this circle is gone, strike it from the list: & in'
}
order() {
	awk -f "$house/order.awk" "$1" - | sort >"$work/faults"
	tell
}
wall() {
	awk -f "$house/wall.awk" "$1" - | sort >"$work/faults"
	tell
}
# Since 2.38 glibc has some functions under a second name, for C23: __isoc23_strtol is strtol.
library() {
	awk '{ sub(/^__isoc23_/, "", $2) }
	    $3 == "U" { wanted[$2] = wanted[$2] " " $1 } $3 ~ /^[A-TV-Z]$/ { ours[$2] }
	    END { for (name in wanted) if (!(name in ours)) print name ":" wanted[name] }' | sort >"$work/wanted"
	awk -F : -v list="$1" '
	    FNR == NR { if ($0 !~ /^#/) allowed[$1]; next }
	    !($1 in allowed) {
		print "sim/ may not use " $1 ", for a run is a function of scenario, seed and guest (" list "):" $2
	    }' "$1" "$work/wanted" >"$work/faults"
	tell
}
globals() {
	awk '$2 == ":" { object = $1 }
	    $1 ~ /^\.t?(data|bss)/ && $1 !~ /^\.data\.rel\.ro/ && $2 > 0 {
		print object ": " $2 " bytes of variables outside of any function; a machine holds what a run knows" }' |
	    sort >"$work/faults"
	tell
}
names() {
	xargs grep -l -E 'uvm_|physseg|pool_cache|kmem' | sort >"$work/found" || true
	compare "$1" "$work/found" "&: names what only one kernel has; its description under guest/ is the place for that" \
	    '& names no kernel any more: strike it from'
}
paths() {
	xargs grep -H -n -o -E '(^|[^A-Za-z0-9_./-])(sim|harness|reports|guest|scenarios|docs)/[A-Za-z0-9_/-]+\.(c|h|S|sh|mk|awk|scn|sed|md)\>' |
	    sed 's/^\([^:]*:[0-9]*\):[^a-z]*\(.*\)$/\1 \2/' | sort -u | while read -r place path; do
		[ -e "$path" ] || echo "$place: there is no $path"
	done >"$work/faults"
	tell
}
length() {
	xargs wc -l | awk '$2 != "total" && $1 > 700 { print $2 }' | sort >"$work/found"
	compare "$1" "$work/found" '&: longer than 700 lines; give each of its subjects a file' \
	    '& is not longer than 700 lines any more: strike it from'
}
# A script says in a line which file it changes; check-random-errors and its like take too long to find out that it does not.
errors() {
	while read -r script; do
		file=$(sed -n 's/^# file: //p' "$script")
		[ -n "$file" ] && [ -e "$file" ] || continue
		if sed -f "$script" "$file" | cmp -s - "$file"; then
			echo "$script: it no longer changes $file; have it make the same error where that is done now"
		fi
	done >"$work/faults"
	tell
}

sources() {
	find "$@" -type f -name '*.[chS]' | sort
}
# Without the calls of ROOM to what HEADER declares: a kernel hands it in at the link, for itself, too. Uses of
# guest_image are none of the source's: in it the compiler makes each block of code count.
handed_in() { # HEADER ROOM
	awk -v room="$2" '
	$3 == "guest_image" { next }
	FNR == NR {
		if ($0 ~ /^(\/\*| \*)/) next
		n = split($0, word, /[^A-Za-z0-9_]+/)
		for (i = 1; i <= n; i++) handed[word[i]]
		next
	}
	!(index($2, room) == 1 && $3 in handed)' "$1" -
}
uses() { # BUILD PROGRAM...
	build=$1
	shift
	assembly=$(sources sim harness reports guest | grep '\.S$' | tr '\n' ' ')
	for objects in "$@"; do
		nm -A -P $objects | awk -v build="$build/" -v assembly="$assembly" -f "$house/calls.awk"
	done | handed_in guest/lib/services.h guest/
	sources sim harness reports guest | "$house/includes.sh"
}

all() { # BUILD PROGRAM...
	failed=0
	uses "$@" | sort -u >"$work/uses"
	# A test stands beside what it tests, and may build a whole machine for it.
	grep -v -E '^[a-z]+ [^ ]*(_test\.c|_for_tests\.h|/testing\.h) |^[a-z]+ harness/tests/' "$work/uses" >"$work/ours"
	# In a kernel everything sleeps, allocates and prints: circles are looked for outside of it.
	grep -v '^[a-z]* guest/netbsd/' "$work/ours" | circles "$house/circles.allowed" || failed=1
	order "$house/rooms" <"$work/ours" || failed=1
	wall "$house/wall" <"$work/ours" || failed=1
	shift
	simulator=$(printf '%s\n' $* | grep '/sim/')
	nm -A -P $simulator | library "$house/library.allowed" || failed=1
	size -A $simulator | globals || failed=1
	general=$(ls -d sim harness reports guest/abi guest/lib guest/probe 2>/dev/null || true)
	find $general -type f ! -name '*_test.c' ! -path 'harness/tests/*' | sort | names "$house/names.allowed" || failed=1
	find Makefile README.md CONTRIBUTING.md quickstart docs sim harness reports guest -type f ! -name self-test.sh ! -name '*_test.c' \
	    ! -path 'harness/tests/corpus/*' ! -path 'harness/tests/samples/*' | paths || failed=1
	sources sim harness reports guest | length "$house/length.allowed" || failed=1
	find harness/tests -name '*.sed' | sort | errors || failed=1
	harness/tests/check-format.sh || failed=1
	return $failed
}

case ${1:-} in
all | circles | order | wall | library | globals | names | paths | length | errors) ;;
*) sed -n 's/^#     //p' "$0" >&2; exit 1 ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$@"
