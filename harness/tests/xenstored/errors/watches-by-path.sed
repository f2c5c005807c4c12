# SPDX-License-Identifier: BSD-2-Clause
# Watches fire in the order of their paths.
# file: sim/xenstore/watch.c
s/    if (hits > 1)/    if (hits > 1000)/
