/* SPDX-License-Identifier: BSD-2-Clause */
/* The userland view of <sys/cdefs.h>: the C library's, and what NetBSD has beyond it. */
#ifndef _BALLAST_USER_SYS_CDEFS_H
#define _BALLAST_USER_SYS_CDEFS_H

#include_next <sys/cdefs.h>
/* Both say these, each in its own words. */
#undef __CONCAT
#undef __STRING
#undef __BEGIN_DECLS
#undef __END_DECLS
#undef __P
#undef __attribute_used__
#undef __always_inline
#undef __inline
#undef __restrict
#include "../../kpi/sys/cdefs.h"

#endif
