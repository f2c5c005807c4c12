/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the guest says of itself when the harness asks, or a plug failed.
 */
#ifndef KERN_AUDIT_H
#define KERN_AUDIT_H

void audit(void);
void audit_segments(void);

#endif /* !KERN_AUDIT_H */
