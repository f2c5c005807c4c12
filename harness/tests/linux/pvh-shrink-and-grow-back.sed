# SPDX-License-Identifier: BSD-2-Clause
s/xen_page_to_gfn(page)/get_phys_to_machine(page_to_pfn(page))/
