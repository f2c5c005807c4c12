#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Makes mutants and tells which of them a test kills. Operators take turns, and in each the seed chooses; nobody else does.
#     run.sh BUILD SEED FROM COUNT JOBS FILE|FOLDER...
# A mutant of the driver or the segment file is replayed on what `ballast check-driver` runs; one of the kernel or of the
# model on all scenarios and on the unit tests. Scenarios that the unchanged code doesn't pass, and long ones, are left out.
# A mutant ends with the first that isn't PASS. TIMEOUT is no kill.
# With QUICK=1 in the environment a mutant of the model doesn't meet what takes seconds: a first pass, for FROM=again to follow.
# With BY=segments in the environment the small world alone judges the segment file; that is found in found-by-segments.
# With STRICT=1 the rules that only our own segment file promises count there, too.
# What was found stands in BUILD/mutants/found, a line a mutant: OUTCOME FILE OPERATOR LINE FUNCTION WHAT KILLER INVARIANTS
# NAMED, with tabs. A line of harness/tests/mutants/survivors says why one survives; it is held to.
build=$1 seed=$2 from=$3 count=$4 jobs=$5
shift 5
here=harness/tests/mutants
top=$build/mutants
work=$top
by=${BY-}
found=$top/found${by:+-by-$by}
mutate=$build/harness/tests/mutants/mutate
. "$top/recipe"
tab=$(printf '\t')
schedules=2
# A suite whose tests want a process each.
forking=os_memory
# Longer scenarios have never killed what no other did, and a survivor would pay for them.
most_events=14000
most_seeded_events=3000
timeout_s=20
# Seconds of processor time, which a busy machine doesn't change: what takes longer hangs.
units_s=20
# Exit codes of the test program: a sanitizer's, and that of a test's own signal handler when the model itself has crashed.
sanitizer_says=88
handler_says=3

files() {
	for what in "$@"; do
		if [ -d "$what" ]; then find "$what" -name '*.c' ! -name '*_test.c' | sort; else echo "$what"; fi
	done
}
# The headers of ours that a file includes have the members of its structs.
declarations() {
	sed -n 's/^#include "\([^"]*\.h\)"$/\1/p' "$1" | while read -r header; do
		[ ! -e "$header" ] || echo "$header"
	done
}
# NUMBER OPERATOR LINE FUNCTION WHAT FILE of those whose turn it is: the first of each operator, then the second ...
all_of() {
	for file in $(files "$@"); do
		$mutate list "$seed" "$file" $(declarations "$file") | sed "s,\$,$tab$file," || exit 4
	done
}
# With FROM=again those that survived when they were tried last, with FROM=unjudged those of them that have no reason yet.
survivors_of() {
	judged=/dev/null
	[ "$from" != unjudged ] || judged=$here/survivors
	all_of "$@" | cut -f 2- | awk -F'\t' -v judged="$judged" 'FILENAME == judged { known[$1, $2, $3, $4]; next }
	    FILENAME != "-" { if ($1 == "survived" && !(($2, $3, $5, $6) in known)) left[$2, $3, $5, $6]; next }
	    ($6, $2, $4, $5) in left' "$judged" "$found" -
}
chosen() {
	case $from in again | unjudged) survivors_of "$@"; return ;; esac
	all_of "$@" | sort | awk -F'\t' -v OFS='\t' '{ print ++turn[$3], $0 }' | sort -s -n -k1,1 | cut -f 3- |
	    tail -n "+$from" | head -n "$count"
}

kind_of() {
	case $1 in
	guest/netbsd/*/*) echo kernel ;;
	guest/netbsd/*) echo driver ;;
	sim/*) echo model ;;
	*) echo "mutants: $1 is neither of guest/netbsd nor of sim" >&2; return 4 ;;
	esac
}

# ---- building: each leaves objects without debug information in $work/new, by which no-ops are known -----

# The changed file has the original's name, in a folder that is always the same: what is compiled is the same but for the change.
build_driver() { # FILE
	part=driver
	[ "$(basename "$1")" = balloon.c ] || part=physseg
	"$build/ballast" build --$part "$work/changed/$(basename "$1")" --output "$work/guest" >"$work/said" 2>&1 || return 1
	guests=$work/guest
	for variant in hotplug static; do
		objcopy --strip-debug "$work/guest/objects/$part.$variant.o" "$work/new/$variant.o" || return 1
	done
}
build_kernel() { # FILE
	stem=kern/$(basename "$1" .c)
	mkdir -p "$work/guest"
	guests=$work/guest
	cp "$build/guest/probe.so" "$work/guest"
	for variant in hotplug static; do
		eval "options=\$kernel_$variant objects=\$kernel_${variant}_objects"
		case " $kernel_uncounted " in
		*" $stem "*) $kernel_compile $options -c "$work/changed/$(basename "$1")" -I"$(dirname "$1")" -o "$work/new/$variant.o" ;;
		*) $kernel_counted "$work/new/$variant.o" "$work/changed/$(basename "$1")" $kernel_compile -I"$(dirname "$1")" $options $kernel_blocks ;;
		esac >"$work/said" 2>&1 || return 1
		image=netbsd$([ $variant = hotplug ] || echo -static).so
		others=$(echo "$objects" | tr ' ' '\n' | grep -v "/$stem\.o\$")
		$kernel_link "$work/new/$variant.o" "$build/guest/objects/driver.$variant.o" "$build/guest/objects/physseg.$variant.o" \
		    $others $kernel_with -o "$work/guest/$image" >"$work/said" 2>&1 || return 1
		objcopy --strip-debug "$work/new/$variant.o" || return 1
	done
}
build_model() { # FILE
	$model_compile -g0 -I"$(dirname "$1")" -c "$work/changed/$(basename "$1")" -o "$work/new/model.o" >"$work/said" 2>&1 || return 1
	$model_compile $model_sanitizers -g0 -I"$(dirname "$1")" -c "$work/changed/$(basename "$1")" -o "$work/sanitized.o" >"$work/said" 2>&1
}
link_model() { # FILE
	others=$(echo "$model_objects" | tr ' ' '\n' | grep -v -x "$build/${1%.c}.o")
	$model_link -Wl,-S "$work/new/model.o" $model_main $others $model_libraries -o "$work/ballast" >"$work/said" 2>&1 || return 1
	# The unit tests of `make check` have the sanitizers. Here only the changed file has them: that takes a quarter of the time.
	$model_link $model_sanitizers -Wl,-S $check_link "$work/sanitized.o" $check_objects $others $model_libraries $check_libraries \
	    -o "$work/check" >"$work/said" 2>&1
}
# Objects like the original's: nobody can tell the mutant from it.
is_no_op() {
	for object in "$work/new/"*.o; do
		cmp -s "$object" "$originals/$(basename "$object")" || return 1
	done
}

# ---- killing -----------------------------------------------------------------------------------

# Replays scenarios; the first that is not PASS, and no TIMEOUT, is the killer.
replay() { # FLAGS -- SCENARIO...
	BALLAST_GUESTS=$guests "$program" replay --quiet --jobs 1 --timeout $timeout_s "$@" >"$work/said" 2>/dev/null
	! grep -q '^TIMEOUT' "$work/said" || timed_out=TIMEOUT
	killed=$(awk '/^(FAIL|CRASH|ERROR) / { print $2; exit }' "$work/said")
	[ -n "$killed" ]
}
# Those that killed most come first, then the shortest: in parts, for a part is replayed whole.
in_order() {
	awk -F'\t' -v list="$1" 'FILENAME == list { at[$0] = ++n; names[n] = $0; next } $7 in at { kills[$7]++ }
	    END { for (i = 1; i <= n; i++) print kills[names[i]] + 0, i, names[i] }' "$1" "$found" | sort -k1,1nr -k2,2n | cut -d' ' -f3
}
replay_part() { # LINES LIST FLAGS...
	# A model that hangs would hang in many, and a survivor would pay for each.
	[ "$kind$timed_out" != modelTIMEOUT ] || return 1
	now=$(in_order "$2" | sed -n "${1}p")
	shift 2
	[ -n "$now" ] && replay "$@" $now
}
replay_parts() { # LIST FLAGS...
	replay_part 1,8 "$@" || replay_part 9,30 "$@" || replay_part 31,90 "$@" || replay_part '91,$' "$@"
}
units() { # SUITES...
	(
		ulimit -t $units_s
		export ASAN_OPTIONS=exitcode=$sanitizer_says UBSAN_OPTIONS=exitcode=$sanitizer_says CK_TIMEOUT_MULTIPLIER=5 BALLAST="$program" BALLAST_GUESTS="$guests"
		timeout 600 "$work/check" "$@" >"$work/said" 2>&1
		exit $?
	) 2>/dev/null
	code=$?
	case $code in
	0) return 1 ;;
	124 | 137 | 152) timed_out=TIMEOUT ;;
	139 | 134 | 136 | 135 | 132 | $handler_says) killed=units/crash ;;
	*) killed=$(sed -n '/Test timeout expired\|Received signal 24/d; s/^.*:[EFS]:[^:]*:\([^:]*\):.*/units\/\1/p' "$work/said" | head -n 1) ;;
	esac
	[ $code != $sanitizer_says ] || killed=${killed:-units/sanitizer}
	[ -n "$killed" ] || timed_out=TIMEOUT
	[ -n "$killed" ]
}
# All tests in one process, which a crash ends: for the suites that allow it this takes a third of the time.
units_at_once() { # SUITES...
	CK_FORK=no units "$@"
}
suites() { # FOLDER: of the tests in it
	ls "$1"/*_test.c 2>/dev/null | sed 's,.*/,,; s/_test\.c$//'
}
scenarios_too() {
	[ "$by" != segments ]
}
kill_driver() { # FILE: threads meet in the driver, not in the segment file, whose callers take turns
	passed "$top/driver.list" $most_events
	case $1 in
	*/balloon.c)
		passed "$top/driver-seeds.list" $most_seeded_events --schedules $schedules
		replay_parts "$top/driver.list" || replay_parts "$top/driver-seeds.list" --schedules $schedules
		;;
	*) # The small world as little as it needs mostly, before all scenarios, which cost more than that.
		! scenarios_too || ! replay_part 1,30 "$top/driver.list" || return 0
		! small_world --operations 5000 || return 0
		! scenarios_too || ! replay_part '31,$' "$top/driver.list" || return 0
		small_world
		;;
	esac
}
small_world() { # FLAGS...
	"$build/ballast" check-segments ${STRICT:+--strict} --physseg "$work/changed/uvm_physseg.c" "$@" >"$work/said" 2>/dev/null
	killed=$(sed -n 's/^FAIL    \(segments\) .*/\1/p' "$work/said" | head -n 1)
	[ -n "$killed" ]
}
kill_kernel() {
	passed "$top/all.list" $most_events
	replay_parts "$top/all.list"
}
kill_model() { # FILE: its folder's tests, the model's that take milliseconds, scenarios, and last what takes longest
	own=$(suites "$(dirname "$1")" | grep -v -x "$forking")
	others=$(for folder in sim sim/*/; do suites "${folder%/}"; done | grep -v -x -e "$forking" -e pool -e conservation)
	{ [ -n "$own" ] && units_at_once $own; } || units_at_once $others && return
	passed "$top/all.list" $most_events
	replay_part 1,8 "$top/all.list" || replay_part 9,30 "$top/all.list" || replay_part 31,90 "$top/all.list" ||
	    units no_memory_model no_memory_xenstore && return
	[ -z "$QUICK" ] || return
	replay_part '91,$' "$top/all.list" || units_at_once pool conservation || units "$forking" runner ||
	    units no_memory
}

# What the report says of the killer: the invariants, and whether a line of it names the function.
judged() { # FUNCTION
	awk -v killer="$killed" -v function_="$1" '
	    /^[A-Z]+ / { mine = ($2 == killer && !done); if (mine) done = 1 }
	    !mine { next }
	    /^  (replay to there|in the debugger)/ { next }
	    /^  [^ ]/ { rules = /^  broken, with how often/ }
	    rules && /^    [a-z-]+ +[0-9]/ { names = names " the small world: " $1 }
	    /: expect failed/ { names = names " expect" }
	    /^  [a-z0-9-]+: / { word = $1; sub(/:$/, "", word); if (!seen[word]++) names = names " " word }
	    $1 == "CRASH" && !seen["crash"]++ { names = names " crash" }
	    index($0, function_) { named = 1 }
	    END { sub(/^ /, "", names); printf "%s\t%s", names, named ? "named" : "-" }' "$work/said"
}

# ---- a mutant -----------------------------------------------------------------------------------

change() { # NUMBER FILE
	rm -rf "$work/new" "$work/guest"
	mkdir -p "$work/new" "$work/changed"
	$mutate make "$1" "$2" $(declarations "$2") >"$work/changed/$(basename "$2")"
}
original() { # FILE: its objects, compiled as the changed ones are; once in a run
	originals=$work/originals/$1
	[ ! -d "$originals" ] || return 0
	rm -rf "$work/new" "$work/guest"
	mkdir -p "$work/new" "$work/changed" "$(dirname "$originals")"
	cp "$1" "$work/changed/$(basename "$1")"
	"build_$kind" "$1" || { cat "$work/said"; return 4; }
	mv "$work/new" "$originals"
}
try() { # NUMBER FILE: says the outcome, and what killed it
	kind=$(kind_of "$2") program=$build/ballast guests=$build/guest killed= timed_out=
	original "$2" || return 4
	change "$1" "$2" || return 4
	"build_$kind" "$2" || { outcome=invalid; return; }
	! is_no_op || { outcome=no-op; return; }
	[ $kind != model ] || { link_model "$2" && program=$work/ballast; } || { outcome=invalid; return; }
	if "kill_$kind" "$2"; then outcome=killed; else outcome=survived killed=$timed_out; fi
}

# Of the scenarios that the unchanged code passes, the shortest first: measured by events, for time depends on the machine.
passed() { # FILE EVENTS FLAGS...: the list goes to FILE; those with more events are left out
	list=$1 most=$2
	shift 2
	{
		flock 9
		[ -s "$list" ] || list_passed "$@"
	} 9>"$list.lock"
}
list_passed() { # FLAGS...
	while read -r scenario; do
		"$build/ballast" replay --jobs 1 --timeout $timeout_s "$@" "$scenario" 2>/dev/null |
		    awk -v name="$scenario" '$1 == "PASS" { events = $0; sub(/ events.*/, "", events); sub(/.*, /, "", events); print events + 0, name }'
	done <"$list.all" | awk -v most="$most" '$1 <= most' | sort -n | cut -d' ' -f2 >"$list"
}
lists() {
	stamp=$(cat "$build/ballast" $driver_scenarios $scenarios | cksum)
	[ "$(cat "$top/stamp" 2>/dev/null)" = "$stamp" ] || rm -f "$top"/*.list
	echo "$stamp" >"$top/stamp"
	printf '%s\n' $driver_scenarios | tee "$top/driver.list.all" >"$top/driver-seeds.list.all"
	printf '%s\n' $scenarios >"$top/all.list.all"
}

tell() { # a row of what was found; what was found of the mutant before goes, whichever line it was on then
	row=$1 awk -F'\t' 'BEGIN { split(ENVIRON["row"], r, "\t") } $2 != r[2] || $3 != r[3] || $5 != r[5] || $6 != r[6]' \
	    "$found" >"$found.new"
	printf "%s\t\n" "$1" >>"$found.new"
	mv "$found.new" "$found"
	printf "%s\n" "$1" >>"$top/log"
	[ -n "$by" ] || row=$1 awk -F'\t' -f "$here/news.awk" "$here/survivors"
}
# Each job takes the next mutant that no other has taken, and has a folder of its own.
job() { # NUMBER
	work=$top/job$1
	rm -rf "$work"
	mkdir -p "$work"
	n=0 status=0
	while IFS=$tab read -r number operator line function what file; do
		n=$((n + 1))
		mkdir "$top/taken/$n" 2>/dev/null || continue
		try "$number" "$file" || return 4
		row=$outcome$tab$file$tab$operator$tab$line$tab$function$tab$what$tab$killed
		[ $outcome != killed ] || row=$row$tab$(judged "$function")
		{ flock 9; tell "$row" || status=1; } 9>"$top/lock"
	done <"$top/chosen"
	return $status
}

mkdir -p "$top"
touch "$found"
rm -rf "$top/taken"
mkdir "$top/taken"
lists
case $from in again | unjudged) echo "survivors of $*" ;; *) echo "seed $seed, mutants $from to $((from + count - 1)) of $*" ;; esac
chosen "$@" >"$top/chosen" || exit 4
status=0 running=
for number in $(seq "$jobs"); do
	job "$number" &
	running="$running $!"
done
for pid in $running; do
	wait "$pid" || status=$?
done
awk -F'\t' -f "$here/table.awk" "$here/survivors" "$found"
exit $status
