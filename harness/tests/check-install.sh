#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Does what `make install` puts into a folder work by itself? It replays, lists, and replays on the real Xen, which is
# left out where there is no QEMU or Xen. Silent when all is well.
set -u
unset MAKEFLAGS MFLAGS       # make is called here as a user calls it, not as a part of a stage
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
status=0
make -s DESTDIR="$work/to" PREFIX=/opt/ballast install || exit 1
wait_s=$(cat harness/tests/wait_s)
cd "$work" || exit 1
unset BALLAST_GUESTS
ballast=$work/to/opt/ballast/bin/ballast
tour=$work/to/opt/ballast/share/ballast/scenarios/tour

says() { # WANTED ARGUMENT...: a line that begins so
    wanted=$1; shift
    said=$("$ballast" "$@" 2>&1)
    printf '%s\n' "$said" | grep -q "^$wanted" || { echo "ballast $*: not \"$wanted\" but: $said"; status=1; }
}
says 'PASS ' replay "$tour/shrink.scn"
says '.*shrink.scn' list scenarios
says 'PASS ' check-segments --operations 100
says 'PASS \|.* is not installed: apt-get install ' replay --on xen --timeout "$wait_s" "$tour/grow-past-boot.scn"
exit $status
