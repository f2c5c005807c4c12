# SPDX-License-Identifier: BSD-2-Clause
/return PTR_ERR(task);/d
