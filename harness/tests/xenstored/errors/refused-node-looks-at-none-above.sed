# SPDX-License-Identifier: BSD-2-Clause
# A node that may not be read or written does not make its transaction look at the one above.
# file: sim/xenstore/inside.c
s/^    for (above = \*copy; above->path\[1\] != .*/    for (above = *copy; above->path[1] != 0 \&\& above->node == NULL;) {/
