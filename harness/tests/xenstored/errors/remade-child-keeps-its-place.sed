# SPDX-License-Identifier: BSD-2-Clause
# A node that a transaction removes and makes again keeps its place among its siblings.
# file: sim/xenstore/commit.c
/^    node->birth = copy->node->birth;/d
