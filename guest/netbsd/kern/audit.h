/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the guest says of itself when the harness asks, or a plug failed.
 */
#ifndef KERN_AUDIT_H
#define KERN_AUDIT_H

/* Before a driver attaches: what is in use now is the boot code's. */
void audit_booted(void);
void audit(void);
void audit_segments(void);

#endif /* !KERN_AUDIT_H */
