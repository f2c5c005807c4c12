#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Debian's own kernel, whole, is dom0 on the real Xen in QEMU, and does what a scenario's guest does: `cat` and `echo` of sysfs, with
# the same time in between. What it says must be what our guest says, whose driver and memory management are the same files
# over our runtime. Then a changed copy of the driver does so, too, and that has to be told: as for check-linux.sh, the
# script of the scenario's name under linux/ changes it.
#     check-whole-kernel.sh BUILD [SCENARIO...]
# The kernels are in build/whole-kernel (`make whole-kernel` takes them out of Debian's packages). QEMU's clock counts instructions,
# so that no pause is longer on a busy machine, and each run is the same.
set -u
build=$1
shift
[ $# -gt 0 ] || set -- scenarios/linux/whole-kernel.scn scenarios/linux/whole-kernel-pvh.scn
here=harness/tests/whole-kernel
kept=build/whole-kernel
work=$build/whole-kernel
wait_s=$(cat harness/tests/wait_s)
# The first of the known Xens that is installed, as for `--on xen`.
packed_xen=$(ls $(sed -n 's/.*"\(\/boot\/[^"]*\.gz\)".*/\1/p' guest/abi/xens.h) 2>/dev/null | head -n 1)
[ -n "$packed_xen" ] || { echo "check-whole-kernel: SKIP, no hypervisor of Debian's is installed"; exit 0; }
xen=$(basename "$packed_xen" .gz)

# KERNEL GUESTS SCENARIO FILE: what the commands say in our guest.
ours() {
	"$build/ballast" replay --timeout "$wait_s" --guest "$2" --kernel "$1" --record "$4.recording" "$3" >"$4.verdict" 2>&1
	"$build/ballast" show --format json --kind COMMAND,DOMAIN "$4.recording" >"$4.events" && awk -f $here/said.awk "$4.events" >"$4"
}

# KERNEL SCENARIO OURS FILE: what they say in Debian's own kernel.
theirs() {
	host=$(sed -n 's/^host .*mem=\([^ ]*\).*/\1/p' "$2")
	memory_kib=$(sed -n 's/.*"is built.* \([0-9]*\) of at most.*/\1/p' "$3.events" | awk '{ print $1 * 4 }')
	most_kib=$(sed -n 's/.*"is built.* of at most \([0-9]*\) pages.*/\1/p' "$3.events" | awk '{ print $1 * 4 }')
	# A maximum by xl is 1 MiB above that of the command.
	max_kib=$(sed -n 's/.*"xl mem-max [^ ]* \([0-9]*\)m -> 0.*/\1/p' "$3.events" | awk '{ print ($1 + 1) * 1024 }')
	if grep -q '^domain.* type=pvh' "$2"; then
		machine='-machine q35 -device amd-iommu -cpu qemu64,+npt' dom0=pvh
		# Of the real one's frames shared_info takes the place of one, and Linux leaves page 0 out; our guest has neither.
		memory_kib=$((memory_kib + 4))
	else
		machine='-machine pc -cpu qemu64' dom0=pv
	fi
	awk -F '\t' '{ if ($3 > 0.1) print "sleep " $3; print "step " $1 " '"'"'" $4 "'"'"'" }' "$3" >"$work/root/steps"
	(cd "$work/root" && find . | ./bin/busybox cpio -o -H newc -R 0:0) >"$work/initramfs" 2>"$work/said" || { cat "$work/said"; return 1; }
	timeout -k 1 "$wait_s" qemu-system-x86_64 -accel tcg -icount shift=3,sleep=off -rtc base=2020-01-01,clock=vm $machine \
	    -m "$host" -display none -serial stdio -monitor none -no-reboot -nodefaults -kernel "$work/xen" \
	    -append "sched=credit console=com1 com1=115200,8n1 loglvl=warning guest_loglvl=none bootscrub=false spec-ctrl=no xpti=no pv-l1tf=no dom0=$dom0 dom0_mem=${memory_kib}K,max:${max_kib:-$most_kib}K" \
	    -initrd "$kept/$1.vmlinuz console=hvc0 quiet loglevel=1,$work/initramfs" </dev/null >"$4.console" 2>&1
	tr -d '\r' <"$4.console" | sed -n 's/^whole-kernel \([0-9]* [0-9]*: .*\)/\1/p' >"$4"
	grep -q '^whole-kernel is done' "$4.console" && return
	echo "$2: Debian's own kernel did not come to its last step; the last lines of $4.console:"
	tail -n 15 "$4.console"
	return 1
}

# KERNEL SCENARIO
compare() {
	file=$work/$1.$(basename -s .scn "$2")
	compared=$((compared + 1))
	ours "$1" "$build/guest" "$2" "$file.ours" || return
	theirs "$1" "$2" "$file.ours" "$file.theirs" || return
	version=$(cat "$kept/$1.version") made_of=$(sed q "build/$1/version") status=0
	[ "$version" = "$made_of" ] || echo "Debian's kernel is of version $version, and ours is made of $made_of"
	awk -v scenario="$2" -f $here/compare.awk "$file.ours" "$file.theirs" >"$file.compared" || status=1
	sed "\$s/^/$(basename "$2"), Debian's linux-image $version on $xen, and kernel=$1: /" "$file.compared"

	driver=build/$1/tree/drivers/xen/balloon.c script=harness/tests/linux/$(basename -s .scn "$2").sed
	[ -e "$script" ] || { echo "$2: no copy of the driver is tried, for $script is not there"; return $status; }
	mkdir -p "$work/changed"
	sed -f "$script" "$driver" >"$work/changed/balloon.c"
	! cmp -s "$driver" "$work/changed/balloon.c" || { echo "$script changes nothing any more"; status=1; }
	"$build/ballast" build --kernel "$1" --driver "$work/changed/balloon.c" --output "$work/changed/guest" >"$work/said" 2>&1 ||
	    { cat "$work/said"; return 1; }
	ours "$1" "$work/changed/guest" "$2" "$file.changed" || return
	if awk -v scenario="$2" -f $here/compare.awk "$file.changed" "$file.theirs" >"$work/said"; then
		echo "$2: a driver that $script has changed says what Debian's kernel says"
		status=1
	fi
	return $status
}

compared=0 wrong=0
rm -rf "$work/root"
mkdir -p "$work/root/bin" "$work/root/proc" "$work/root/sys"
for kernel in linux-6.1 linux-6.12 ${LINUX:+linux-tree}; do
	[ -e "$build/guest/$kernel.so" ] && [ -s "$kept/$kernel.vmlinuz" ] || continue
	gzip -dc "$packed_xen" >"$work/xen" || exit 1
	cp $here/init "$work/root" && cp "$kept/busybox" "$work/root/bin" && chmod +x "$work/root/init" || exit 1
	for applet in sh mount sleep poweroff; do ln -sf busybox "$work/root/bin/$applet"; done
	for scenario; do
		compare $kernel "$scenario" || wrong=1
	done
done
[ $compared -gt 0 ] ||
    echo "check-whole-kernel: SKIP, Debian's own kernel is not in $kept: make whole-kernel (takes 70 MB out of Debian's packages, and installs nothing)"
exit $wrong
