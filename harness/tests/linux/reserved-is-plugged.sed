# SPDX-License-Identifier: BSD-2-Clause
s/size, 0, -1,/size, 384ul << 20, -1,/
