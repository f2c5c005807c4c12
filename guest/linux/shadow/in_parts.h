/* SPDX-License-Identifier: BSD-2-Clause */
/* For a file that is taken in parts: each of its functions and variables has a section of its own. */
#include <linux/cache.h>
#include <linux/init.h>
#undef __init
#define __init
#undef __initdata
#define __initdata
#undef __ro_after_init
#define __ro_after_init
