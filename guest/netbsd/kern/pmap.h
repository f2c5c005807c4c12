/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The P2M and the M2P, found in the boot block, and the P2M that the driver may
 * put in the first one's place.
 */
#ifndef KERN_PMAP_H
#define KERN_PMAP_H

#include <sys/types.h>
#include <xen/xenpmap.h>

void pmap_init_boot(void);

/* Entries of the P2M that the harness knows of. */
extern paddr_t p2m_entries;
extern const unsigned long *p2m_told;
void p2m_tell(void);

/* Called before the harness looks: has the driver made another table its P2M? */
static __inline void
p2m_follow(void)
{
	if (__predict_false(xpmap_phys_to_machine_mapping != p2m_told))
		p2m_tell();
}

#endif /* !KERN_PMAP_H */
