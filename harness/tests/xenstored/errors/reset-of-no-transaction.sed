# SPDX-License-Identifier: BSD-2-Clause
# RESET_WATCHES does not mind the number of a transaction that there is not.
# file: sim/xenstore/dispatch.c
s/\[XS_RESET_WATCHES\] = {do_reset_watches, true}/[XS_RESET_WATCHES] = {do_reset_watches, false}/
