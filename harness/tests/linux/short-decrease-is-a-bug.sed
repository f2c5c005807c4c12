# SPDX-License-Identifier: BSD-2-Clause
/BUG_ON(ret != nr_pages)/d
