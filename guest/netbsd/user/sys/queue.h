/* SPDX-License-Identifier: BSD-2-Clause */
/* The userland view of <sys/queue.h>: NetBSD's, for the C library's has not all of queue(3). */
#include "../../kpi/sys/queue.h"
