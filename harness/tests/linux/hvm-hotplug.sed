# SPDX-License-Identifier: BSD-2-Clause
/set_online_page_callback(/d
