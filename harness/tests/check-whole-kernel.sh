#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Debian's own kernel, whole, is dom0 on the real Xen in QEMU, and does what a scenario's guest does: `cat` and `echo` of sysfs.
# What it says must be what our guest says, whose driver and memory management are the same files over our runtime. Then a
# changed copy of the driver does so, too, and that has to be told: whole-kernel/changed.sed.
#     check-whole-kernel.sh BUILD [SCENARIO]
# The kernels are in build/whole-kernel (`make whole-kernel` takes them out of Debian's packages). QEMU's clock counts instructions,
# so that no pause is longer on a busy machine, and each run is the same.
set -u
build=$1 scenario=${2:-scenarios/linux/whole-kernel.scn}
here=harness/tests/whole-kernel
kept=build/whole-kernel
work=$build/whole-kernel
wait_s=$(cat harness/tests/wait_s)
packed_xen=$(sed -n 's/^#define XEN_IMAGE_PACKED *"\(.*\)"/\1/p' harness/xen/xen_host.c)

# KERNEL GUESTS FILE: what the scenario's commands say in our guest.
ours() {
	"$build/ballast" replay --timeout "$wait_s" --guest "$2" --kernel "$1" --record "$3.recording" "$scenario" >"$3.verdict" 2>&1
	"$build/ballast" show --format json --kind COMMAND "$3.recording" |
	    sed -n 's/.*"line": \([0-9]*\),.*"text": "\$ \(cat\|echo\) [^"]* -> \([0-9]*\)\(: \(.*\)\)\{0,1\}"}.*/\1 \3: \5/p' >"$3"
}

# KERNEL FILE: what they say in Debian's own kernel.
theirs() {
	awk -f $here/steps.awk "$scenario" >"$work/root/steps" || return
	read -r memory maxmem host <<-END
		$(awk -v want=machine -f $here/steps.awk "$scenario")
	END
	(cd "$work/root" && find . | ./bin/busybox cpio -o -H newc -R 0:0) >"$work/initramfs" 2>"$work/said" || { cat "$work/said"; return 1; }
	timeout -k 1 "$wait_s" qemu-system-x86_64 -accel tcg -icount shift=3,sleep=off -rtc base=2020-01-01,clock=vm -cpu qemu64 \
	    -m "$host" -display none -serial stdio -monitor none -no-reboot -nodefaults -machine pc -kernel "$work/xen" \
	    -append "sched=credit console=com1 com1=115200,8n1 loglvl=warning guest_loglvl=none bootscrub=false spec-ctrl=no xpti=no pv-l1tf=no dom0_mem=$memory,max:$maxmem" \
	    -initrd "$kept/$1.vmlinuz console=hvc0 quiet loglevel=1,$work/initramfs" </dev/null >"$2.console" 2>&1
	tr -d '\r' <"$2.console" | sed -n 's/^whole-kernel \([0-9]* [0-9]*: .*\)/\1/p' >"$2"
	grep -q '^whole-kernel is done' "$2.console" && return
	echo "Debian's own kernel did not come to its last step; the last lines of $2.console:"
	tail -n 15 "$2.console"
	return 1
}

compared=0 wrong=0
rm -rf "$work/root"
mkdir -p "$work/root/bin" "$work/root/proc" "$work/root/sys"
for kernel in linux-6.1 linux-6.12; do
	[ -e "$build/guest/$kernel.so" ] && [ -s "$kept/$kernel.vmlinuz" ] || continue
	version=$(cat "$kept/$kernel.version")
	if [ $compared = 0 ]; then
		gzip -dc "$packed_xen" >"$work/xen" || exit 1
		cp $here/init "$kept/busybox" "$work/root" && mv "$work/root/busybox" "$work/root/bin" && chmod +x "$work/root/init"
		for applet in sh mount sleep poweroff; do ln -s busybox "$work/root/bin/$applet"; done
	fi
	compared=$((compared + 1))
	ours $kernel "$build/guest" "$work/$kernel.ours"
	theirs $kernel "$work/$kernel.theirs" || { wrong=1; continue; }
	[ "$version" = "$(sed q "build/$kernel/version")" ] || echo "Debian's kernel is $version, and ours is made of $(sed q "build/$kernel/version")"
	awk -v scenario="$scenario" -f $here/compare.awk "$scenario" "$work/$kernel.theirs" "$work/$kernel.ours" >"$work/$kernel.compared" || wrong=1
	sed "\$s/^/Debian's linux-image $version on the real Xen, and kernel=$kernel: /" "$work/$kernel.compared"

	driver=build/$kernel/tree/drivers/xen/balloon.c
	mkdir -p "$work/changed"
	sed -f $here/changed.sed "$driver" >"$work/changed/balloon.c"
	cmp -s "$driver" "$work/changed/balloon.c" && { echo "$here/changed.sed changes nothing any more"; wrong=1; }
	"$build/ballast" build --kernel $kernel --driver "$work/changed/balloon.c" --output "$work/changed/guest" >"$work/said" 2>&1 ||
	    { cat "$work/said"; exit 1; }
	ours $kernel "$work/changed/guest" "$work/$kernel.changed"
	awk -v scenario="$scenario" -f $here/compare.awk "$scenario" "$work/$kernel.theirs" "$work/$kernel.changed" >"$work/said" &&
	    { echo "a driver that $here/changed.sed has changed says what Debian's kernel says"; wrong=1; }
done
[ $compared -gt 0 ] ||
    echo "check-whole-kernel: SKIP, Debian's own kernel is not in $kept: make whole-kernel (takes 70 MB out of Debian's packages, and installs nothing)"
exit $wrong
