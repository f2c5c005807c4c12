/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the boot block's memory map says.
 */
#ifndef KERN_START_H
#define KERN_START_H

#include <sys/types.h>

paddr_t boot_end_pfn(void); /* the first pfn behind all boot memory */

#endif /* !KERN_START_H */
