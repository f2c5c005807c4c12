# SPDX-License-Identifier: BSD-2-Clause
# What was made last is listed first, and removed first.
# file: sim/xenstore/tree.c
s/^    return ((\*x)->birth > (\*y)->birth) - .*/    return ((*x)->birth < (*y)->birth) - ((*x)->birth > (*y)->birth);/
