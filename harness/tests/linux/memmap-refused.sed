# SPDX-License-Identifier: BSD-2-Clause
s/^	return BP_ECANCELED;/	return BP_EAGAIN;/
