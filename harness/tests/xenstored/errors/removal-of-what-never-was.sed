# SPDX-License-Identifier: BSD-2-Clause
# What a transaction makes and removes again fires its watches.
# file: sim/xenstore/commit.c
s/if (node == NULL && copy->generation == 0)/if (node == NULL \&\& copy->generation == UINT64_MAX)/
