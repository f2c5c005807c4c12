/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The P2M and the M2P, found in the boot block.
 */
#ifndef KERN_PMAP_H
#define KERN_PMAP_H

void pmap_init_boot(void);

#endif /* !KERN_PMAP_H */
