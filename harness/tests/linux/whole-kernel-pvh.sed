# SPDX-License-Identifier: BSD-2-Clause
# A pause of the driver grows threefold in place of twofold: retry counters are the same, its delays are not.
s/schedule_delay <<= 1/schedule_delay *= 3/
