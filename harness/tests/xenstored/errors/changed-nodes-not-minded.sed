# SPDX-License-Identifier: BSD-2-Clause
# A transaction does not mind that a node which it has changed was changed meanwhile.
# file: sim/xenstore/commit.c
s/^        if (t->copies\[i\]->generation != (now == NULL ? 0 : now->generation))/        if (!t->copies[i]->modified \&\& t->copies[i]->generation != (now == NULL ? 0 : now->generation))/
