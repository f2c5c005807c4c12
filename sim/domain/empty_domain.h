/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Domains as XEN_DOMCTL_createdomain makes them: structures of Xen's, no memory, no vcpu that runs. dom0 may give
 * them memory and look into it, which is how Xen's own tools build a domain.
 */
#ifndef SIM_DOMAIN_EMPTY_DOMAIN_H
#define SIM_DOMAIN_EMPTY_DOMAIN_H

#include <stdbool.h>

struct domain;

/* domid 0: any. translated: Xen will translate for it. Its number, or -errno. */
long empty_domain_create(struct domain *caller, unsigned domid, bool translated);
/* XEN_DOMCTL_max_vcpus: 0 or -errno. */
long empty_domain_add_vcpu(struct domain *);
unsigned empty_domain_vcpu_pages(const struct domain *); /* that its vcpu would still take; 0: it has one */

#endif
