# SPDX-License-Identifier: BSD-2-Clause
# A dead domain's nodes stay.
# file: sim/xenstore/lifetime.c
s/^    if (domain->nodes > 0 \&\& /    if (domain->nodes > UINT32_MAX - 1 \&\& /
