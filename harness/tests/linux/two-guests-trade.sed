# SPDX-License-Identifier: BSD-2-Clause
s/current_pages += rc;/current_pages += 0;/
