# SPDX-License-Identifier: BSD-2-Clause
s/min(xen_start_info->nr_pages - xen_released_pages, max_pfn)/(xen_start_info->nr_pages - xen_released_pages)/
