/* SPDX-License-Identifier: BSD-2-Clause */
/* What the bus calls when it is up: a driver that no configuration names attaches there. */
#ifndef _XEN_BALLOON_H_
#define _XEN_BALLOON_H_

void balloon_xenbus_setup(void);

#endif /* !_XEN_BALLOON_H_ */
