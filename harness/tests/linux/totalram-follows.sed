# SPDX-License-Identifier: BSD-2-Clause
/adjust_managed_page_count(page, -1);/d
