/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * malloc(9), the older allocator: it remembers sizes. Types are names only.
 */
#ifndef _SYS_MALLOC_H_
#define _SYS_MALLOC_H_

#include <sys/types.h>

#define M_WAITOK  0x0000
#define M_NOWAIT  0x0001
#define M_ZERO	  0x0002
#define M_CANFAIL 0x0004

struct malloc_type {
	const char *ks_shortdesc;
};
#define MALLOC_DEFINE(type, shortdesc, longdesc)                               \
	struct malloc_type type[1] = {{shortdesc}}
#define MALLOC_DECLARE(type) extern struct malloc_type type[1]
MALLOC_DECLARE(M_DEVBUF);
MALLOC_DECLARE(M_TEMP);

void *kern_malloc(unsigned long, int);
void *kern_realloc(void *, unsigned long, int);
void kern_free(void *);
#define malloc(size, type, flags) ((void)(type), kern_malloc(size, flags))
#define free(addr, type)	  ((void)(type), kern_free(addr))
#define realloc(addr, size, type, flags)                                       \
	((void)(type), kern_realloc(addr, size, flags))

#endif /* !_SYS_MALLOC_H_ */
