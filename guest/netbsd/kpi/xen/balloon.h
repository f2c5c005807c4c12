/* SPDX-License-Identifier: BSD-2-Clause */
/* Two of the balloon's functions: neither is called by this kernel. */
#ifndef _XEN_BALLOON_H_
#define _XEN_BALLOON_H_

void balloon_xenbus_setup(void);
void balloon_xenbus_attach(void);

#endif /* !_XEN_BALLOON_H_ */
