#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Is there a real Xen to run on? Where a package is missing, it says so for the stage that asks, and ends with 3.
#     [XEN=4.20] has-xen.sh BALLAST STAGE || exit 0
said=$("$1" replay --on xen ${XEN:+--xen "$XEN"} scenarios/tour/shrink.scn 2>&1)
[ $? -eq 3 ] || exit 0       # whatever else is wrong with it, the stage's own runs tell
why=$(printf '%s\n' "$said" | sed -n 's/^[^ ]*\.scn: \(.* is not installed: .*\)/\1/p')
[ -n "$why" ] || exit 0
echo "$2: SKIP, $why" >&2
exit 3
