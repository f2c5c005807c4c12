/* SPDX-License-Identifier: BSD-2-Clause */
/* copy(9). There is no user space: source and destination are kernel memory. */
#include <sys/systm.h>
#include <sys/errno.h>

int
copyin(const void *from, void *to, size_t bytes)
{
	if (from == NULL)
		return EFAULT;
	memcpy(to, from, bytes);
	return 0;
}

int
copyout(const void *from, void *to, size_t bytes)
{
	if (to == NULL)
		return EFAULT;
	memcpy(to, from, bytes);
	return 0;
}
