/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads: <sys/proc.h>. */
#ifndef _SYS_LWP_H_
#define _SYS_LWP_H_

#include <sys/proc.h>

#endif /* !_SYS_LWP_H_ */
