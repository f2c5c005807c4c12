/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pages behind the end of memory that are plugged by hand: pages of UVM's lend
 * them their frames, so that no driver and no hypervisor has a part in it.
 */
#ifndef KERN_LENT_PAGES_H
#define KERN_LENT_PAGES_H

#include <sys/types.h>

struct vm_page;

#define LENT_PAGES_MAX 1024

/*
 * Plugs so many pages behind the end of memory, with a hole of so many before
 * them, and takes them off UVM. NULL, or what was refused; then *lost says
 * whether something could not be put back.
 */
const char *lent_plug(size_t pages, size_t hole, bool *lost);
/* The pfn of the first of them, and the struct vm_page of the i-th. */
paddr_t lent_first(void);
struct vm_page *lent_page(size_t i);
/* All have been unplugged: the frames go back. */
void lent_return(size_t pages);
/* None can be unplugged: UVM has them, and those that lent stay without frames. */
void lent_leave(size_t pages);

#endif /* !KERN_LENT_PAGES_H */
