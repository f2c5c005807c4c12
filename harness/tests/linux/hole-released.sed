# SPDX-License-Identifier: BSD-2-Clause
s/nr_pages - xen_released_pages, max_pfn/nr_pages, max_pfn/
