/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose code called? Calls of the driver's own, and of the segment code that
 * is tried with it, may be refused or judged where the runtime's are not.
 */
#ifndef KERN_DRIVER_H
#define KERN_DRIVER_H

#include <sys/types.h>

/* Where the driver's code lies, the same in each run; set by start.c. */
extern uintptr_t driver_text, driver_text_bytes;

static __inline bool
driver_called(const void *return_address)
{
	return (uintptr_t)return_address - driver_text < driver_text_bytes;
}

/* Used in a function of the kernel's interface: did the driver call it? */
#define BY_DRIVER() driver_called(__builtin_return_address(0))

#endif /* !KERN_DRIVER_H */
