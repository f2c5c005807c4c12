# SPDX-License-Identifier: BSD-2-Clause
s/state = BP_EAGAIN;$/state = BP_ECANCELED;/
