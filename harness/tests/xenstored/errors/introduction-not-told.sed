# SPDX-License-Identifier: BSD-2-Clause
# That a domain is introduced is told to nobody.
# file: sim/xenstore/lifetime.c
s/^    if (is_new)/    if (is_new \&\& domid == DOMIDS)/
