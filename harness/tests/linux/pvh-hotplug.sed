# SPDX-License-Identifier: BSD-2-Clause
s/page_to_xen_pfn(page)/page_to_xen_pfn(page) + 1/
