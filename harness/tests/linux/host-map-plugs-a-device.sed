# SPDX-License-Identifier: BSD-2-Clause
s/size, 0, -1,/size, 1040ul << 20, -1,/
