/* SPDX-License-Identifier: BSD-2-Clause */
/* What a device is called where nothing more of it is needed. */
#ifndef _SYS_DEVICE_IF_H_
#define _SYS_DEVICE_IF_H_

typedef struct device *device_t;

#endif /* !_SYS_DEVICE_IF_H_ */
