# SPDX-License-Identifier: BSD-2-Clause
# That a domain has shut down is told to nobody.
# file: sim/xenstore/lifetime.c
s/^    if (domain != NULL \&\& domain->ring != NULL)$/    if (domain == NULL)/
