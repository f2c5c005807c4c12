#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Wrong drivers, one fault each, and the invariant that must see it. Each file under wrong/ is a sed script with a
# header:
#     # of: FILE             the driver's file that it changes
#     # on: NAME...          the scenarios, of scenarios/ or of wrong/ itself, that are replayed on it
#     # wants: WORD...       invariants, or expect: one of them must be reported ...
#     # leads: FUNCTION      ... and must name this function, in its line or in the rows below that say who called it
#                           ("nowhere": an expectation is all that fails, and names no function)
#     # schedules: N        it passes as long as threads run until they wait: reported under one of N seeds of a schedule
# A fault that no invariant sees yet says so, and what the scenarios must end with all the same:
#     # unseen: WHY
#     # verdict: pass|fail
# It must still change the file and compile. When one of its words is reported, that is news: strike the two lines.
#     check-wrong.sh BUILD [SCRIPT...]     all scripts without any
build=$1
shift
here=harness/tests/wrong
work=$build/wrong
mkdir -p "$work"
[ $# -gt 0 ] || set -- $here/*.sed

# A line of the script's header.
said() {
	sed -n "s/^# $1: //p" "$script"
}
# What the replay said of the invariants named, and how the guest died.
told() {
	sed 's/^remark: /  /' "$2" | awk -v names=" $1 " '/^  [a-z0-9-]+: / { word = $1; sub(/:$/, "", word); wanted = index(names, " " word " ") }
	    !/^ / { wanted = 0 } wanted || /^      \|  *(in|from) /'
}
reported() {
	for word in $(said wants); do
		grep -q -E "^(  |remark: )$word: |: $word failed" "$work/$name/said" && return 0
	done
	return 1
}
paths() {
	for scenario in $(said on); do
		[ -e "$here/$scenario.scn" ] && echo "$here/$scenario.scn" || echo "scenarios/$scenario.scn"
	done
}
complain() {
	echo "$name: $1"
	[ $# -eq 1 ] || grep -v 'replay to there\|in the debugger' "$2" | head -n 12
	return 1
}

# Our driver, another style's, or another author's pair, with the script's change in one of the two files.
build_wrong() {
	driver=guest/netbsd/balloon.c physseg=guest/netbsd/uvm_physseg.c
	case $file in
	harness/tests/drivers/*)
		driver=$(harness/tests/amended.sh "$(dirname "$file")/balloon.c" "$work")
		physseg=$(harness/tests/amended.sh "$(dirname "$file")/uvm_physseg.c" "$work")
		;;
	esac
	changed=$work/$name/$(basename "$file")
	mkdir -p "$work/$name"
	for header in "$(dirname "$file")"/*.h; do [ ! -e "$header" ] || cp "$header" "$work/$name"; done
	source=$(harness/tests/amended.sh "$file" "$work")
	sed -f "$script" "$source" >"$changed"
	if [ -n "$(sed '/^#/d' "$script")" ] && cmp -s "$source" "$changed"; then
		complain "the script no longer changes $file"
		return 1
	fi
	case $file in
	*/balloon.c | harness/tests/styles/*) driver=$changed ;;
	*) physseg=$changed ;;
	esac
	make -s DRIVER="$driver" PHYSSEG="$physseg" guests >"$work/$name/make.log" 2>&1 ||
	    complain "does not compile:" "$work/$name/make.log"
}

judge() {
	if [ -z "$(said unseen)" ]; then
		reported || { complain "no $(said wants) on $(said on); it said:" "$work/$name/said"; return 1; }
		leads=$(said leads)
		[ "$leads" = nowhere ] || { [ -n "$leads" ] && told "$(said wants)" "$work/$name/said" | grep -q -F -w -e "$leads"; } ||
		    complain "$(said wants) is reported, and doesn't lead to \"$leads\"; it said:" "$work/$name/said"
		return
	fi
	! reported || { complain "is seen: strike \"unseen\" and \"verdict\" from its header; it said:" "$work/$name/said"; return 1; }
	case $(said verdict) in
	pass) [ "$ended" -eq 0 ] || complain "should pass, unseen, and does not; it said:" "$work/$name/said" ;;
	fail) [ "$ended" -eq 1 ] || complain "should fail, unseen, and does not; it said:" "$work/$name/said" ;;
	*) complain "the header says \"unseen\" and no verdict: pass or fail" ;;
	esac
}

replay() {	# FLAGS...: their report goes to the file "said"
	make -s DRIVER="$driver" PHYSSEG="$physseg" SCENARIO="$(echo $(paths))" REPLAY_FLAGS="--timeout $(cat harness/tests/wait_s) $*" replay \
	    >"$work/$name/said" 2>&1
}

status=0
for script in "$@"; do
	name=$(basename "$script" .sed)
	file=$(said of)
	build_wrong || { status=1; continue; }
	ended=0
	schedules=$(said schedules)
	if [ -n "$schedules" ] && ! replay; then
		complain "should pass without a seed, and does not; it said:" "$work/$name/said"
		status=1
		continue
	fi
	replay ${schedules:+--schedules $schedules} || ended=$?
	# make's own status says only that the replay failed: 1 stands for a verdict, and the program told it.
	if [ "$ended" -ne 0 ]; then
		ended=2
		grep -q '^FAIL' "$work/$name/said" && ended=1
	fi
	judge || status=1
done
exit $status
