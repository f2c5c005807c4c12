#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Each scenario about Linux's driver fails on a copy of balloon.c that is changed in one place: the sed script of its name under
# linux/ changes it, and its head says in words how. Says which scenario does not fail, and which has no script.
# A scenario about the kernel around the driver says that no changed copy makes a difference, and has no script.
# So that it is the change that is seen, each passes on a copy that nobody changed, built and replayed in the same way.
#     check-linux.sh BUILD [NAME...]     all of them without any
#     check-linux.sh BUILD --heads       only that heads and scripts belong together, and that scripts change something; 1 s
build=$1
shift
here=harness/tests/linux
work=$build/changed-linux
# Where Debian has no linux-6.1 all of it is done with linux-6.12.
version=6.1
[ -e "$build/guest/linux-6.1.so" ] || version=6.12
driver=build/linux-$version/tree/drivers/xen/balloon.c
[ -e "$build/guest/linux-$version.so" ] || { echo "SKIP check-linux: it needs the package $(cat "$build/guest/linux-6.1.missing")"; exit 0; }
rm -rf "$work/pvh" "$work"/unchanged-*
mkdir -p "$work"
wrong=0

# Each scenario has a script, or says that none would matter; each script has a scenario whose head says in words what it does.
heads() {
	for script in $here/*.sed; do
		name=$(basename "$script" .sed)
		sed -f "$script" "$driver" >"$work/balloon.c" && { [ $version != 6.1 ] || ! cmp -s "$driver" "$work/balloon.c"; } || { echo "$script changes nothing any more"; wrong=1; }
		grep -q "^#.*[Ii]t fails on a copy of balloon.c" "scenarios/linux/$name.scn" ||
		    { echo "scenarios/linux/$name.scn: its head does not say on which copy of balloon.c it fails, and $script makes one"; wrong=1; }
	done
	for scenario in scenarios/linux/*.scn; do
		[ -e "$here/$(basename "$scenario" .scn).sed" ] || grep -q "^#.* no changed copy of balloon.c" "$scenario" ||
		    { echo "$scenario: no script in $here changes balloon.c so that it fails, and its head says no reason"; wrong=1; }
	done
}
if [ "${1:-}" = --heads ]; then
	heads
	exit $wrong
fi
[ $# -gt 0 ] || set -- $(basename -s .scn scenarios/linux/*.scn)
for name; do
	scenario=scenarios/linux/$name.scn
	if [ ! -e "$here/$name.sed" ] && grep -q '^#.* no changed copy of balloon.c' "$scenario"; then continue; fi
	kernel=$(sed -n 's/^domain.* kernel=\([^ ]*\).*/\1/p' "$scenario" | sed "s/^linux-6.1/linux-$version/; q")
	! grep -q "^domain.* hotplug=off" "$scenario" || kernel=$kernel-static # or --kernel would take its place
	! grep -q "^domain.* section=4m" "$scenario" || kernel=$kernel-section-4m
	mkdir -p "$work/$name"
	sed -f "$here/$name.sed" "$driver" >"$work/$name/balloon.c" || { wrong=1; continue; }
	if cmp -s "$driver" "$work/$name/balloon.c"; then
		# The scripts are about 6.1, and 6.12 has some of these lines in other words.
		[ $version = 6.1 ] || continue
		echo "$here/$name.sed changes nothing any more"
		wrong=1
		continue
	fi
	control=$work/unchanged-$kernel
	[ -e "$control/$kernel.so" ] || "$build/ballast" build --kernel "$kernel" --driver "$driver" --output "$control" >"$work/$name/said" 2>&1
	"$build/ballast" replay --quiet --guest "$control" --kernel "$kernel" "$scenario" >"$work/$name/said" 2>&1 ||
	    { echo "$scenario does not pass on a driver that nobody changed:"; head -n 5 "$work/$name/said"; wrong=1; }
	"$build/ballast" build --kernel "$kernel" --driver "$work/$name/balloon.c" --output "$work/$name/guest" >"$work/$name/said" 2>&1 &&
	    "$build/ballast" replay --guest "$work/$name/guest" --kernel "$kernel" "$scenario" >"$work/$name/said" 2>&1
	case $? in
	5 | 6) ;;
	*)
		echo "$scenario does not fail on a driver that $here/$name.sed has changed:"
		head -n 5 "$work/$name/said"
		wrong=1
		;;
	esac
done

# A newer version does the same in each of them.
if [ -e "$build/guest/linux-6.12.so" ]; then
	"$build/ballast" replay --quiet --kernel linux-6.12 scenarios/linux/*.scn || wrong=1
fi

# A name that nothing defines, of several in one link, is told with where it would go; and a tree that is none by its name.
echo '__attribute__((visibility("hidden"))) void lacks_one(void), lacks_two(void); void f(void) { lacks_one(); lacks_two(); }' >"$work/lacks.c"
gcc -fpie -c "$work/lacks.c" -o "$work/lacks.o"
guest/linux/explain.sh gcc -shared -nostdlib -Wl,-z,defs "$work/lacks.o" -o "$work/lacks.so" 2>"$work/said" &&
    { echo "a link without lacks_one() succeeds"; wrong=1; }
for name in lacks_one lacks_two; do
	[ "$(grep -c "^ballast: this version of Linux needs $name; define it under guest/linux/kern" "$work/said")" = 1 ] ||
	    { echo "guest/linux/explain.sh does not say that $name is missing:"; cat "$work/said"; wrong=1; }
done
LINUX=harness guest/linux/tree.sh "$work/no-tree" 2>"$work/said" || grep -q 'harness: no source of Linux' "$work/said" ||
    { echo "guest/linux/tree.sh does not refuse a folder that is no tree of Linux's:"; cat "$work/said"; wrong=1; }

# The tour and the contention scenarios that ask nothing of NetBSD's own pass where Xen translates as well.
for scenario in $(cat $here/any-type); do
	mkdir -p "$work/pvh"
	sed '/^[^ #]* *domain /s/$/ type=pvh/' "scenarios/$scenario.scn" >"$work/pvh/${scenario#*/}.scn"
done
"$build/ballast" replay --quiet --kernel linux-$version-online "$work"/pvh/*.scn || wrong=1
exit $wrong
