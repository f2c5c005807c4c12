/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file that is read: who wants memory besides the driver, and can give it
 * back.
 */
#ifndef KERN_FILE_PAGES_H
#define KERN_FILE_PAGES_H

#include <sys/types.h>

/* Reads so many pages of it; gives how many found room. */
psize_t file_pages_read(psize_t pages);
/* Frees the page that was read first; false: none is left. */
bool file_page_reclaim(void);
bool file_pages_any(void);
/* Since boot. */
uint64_t file_pages_reclaimed(void);

#endif /* !KERN_FILE_PAGES_H */
