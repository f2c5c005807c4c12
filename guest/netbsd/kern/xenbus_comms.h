/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests to XenStore, one at a time.
 */
#ifndef KERN_XENBUS_COMMS_H
#define KERN_XENBUS_COMMS_H

#include <sys/types.h>

void xenbus_init(void);
/* Around a suspension: nothing is asked meanwhile. After a restore ring and watches are gone. */
void xenbus_suspend(void);
void xenbus_suspend_cancelled(void);
void xenbus_resume(void);

/*
 * Sends the parts as one payload and waits for the answer. 0 or an error
 * number. The reply, with a NUL behind it, is set when it is asked for; it is
 * the caller's to free.
 */
int xenbus_request(uint32_t type, uint32_t tx_id, const char *const *parts,
    const size_t *part_bytes, u_int nparts, char **reply, size_t *reply_bytes);
void xenbus_free_reply(char *, size_t bytes);

#endif /* !KERN_XENBUS_COMMS_H */
