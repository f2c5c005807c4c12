/* SPDX-License-Identifier: BSD-2-Clause */
/* What a guest finds when it starts: Xen's start_info, and the boot block of guest/abi/boot.h. */
#ifndef SIM_DOMAIN_BOOT_H
#define SIM_DOMAIN_BOOT_H

#define BOOT_STORE_PFN 1u /* in the boot image: XenStore's ring, whose frame start_info calls store_mfn */

struct boot_available;
struct domain;
struct domain_config;

void boot_write_start_info(struct domain *);
void boot_write_block(struct domain *);
/* Which of its boot memory the kernel may hand out: an entry for each range of a boot-map, behind the block in its page. */
void boot_write_available(struct boot_available *, const struct domain_config *);

#endif
