/* SPDX-License-Identifier: BSD-2-Clause */
/* For mm/page_isolation.c: each struct page that it looks at is counted (guest/linux/kern/vain.c). */
#include <linux/mm.h>

extern unsigned long ballast_pages_looked_at;

static inline struct page *ballast_look_at(unsigned long pfn)
{
	ballast_pages_looked_at++;
	return __pfn_to_page(pfn);
}
#undef pfn_to_page
#define pfn_to_page ballast_look_at
