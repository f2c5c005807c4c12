# SPDX-License-Identifier: BSD-2-Clause
/target_pages = target;/i if (target == 0) return;
