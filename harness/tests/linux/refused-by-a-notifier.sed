# SPDX-License-Identifier: BSD-2-Clause
s/^	if (val == MEM_ONLINE)/	if (val == MEM_GOING_ONLINE)\n		return NOTIFY_BAD;\n&/
