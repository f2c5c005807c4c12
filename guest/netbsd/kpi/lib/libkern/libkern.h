/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The C library's few functions of a kernel, and its assertions.
 */
#ifndef _LIB_LIBKERN_LIBKERN_H_
#define _LIB_LIBKERN_LIBKERN_H_

#ifdef _KERNEL
#include <sys/types.h>

void *memcpy(void *, const void *, size_t);
void *memmove(void *, const void *, size_t);
void *memset(void *, int, size_t);
int memcmp(const void *, const void *, size_t);
void *memchr(const void *, int, size_t);
size_t strlen(const char *);
size_t strnlen(const char *, size_t);
int strcmp(const char *, const char *);
int strncmp(const char *, const char *, size_t);
char *strcpy(char *, const char *);
char *strncpy(char *, const char *, size_t);
size_t strlcpy(char *, const char *, size_t);
size_t strlcat(char *, const char *, size_t);
char *strchr(const char *, int);
char *strrchr(const char *, int);
char *strstr(const char *, const char *);
unsigned long strtoul(const char *, char **, int);
unsigned long long strtoull(const char *, char **, int);
long long strtoll(const char *, char **, int);

static __inline int
imax(int a, int b)
{
	return a > b ? a : b;
}
static __inline int
imin(int a, int b)
{
	return a < b ? a : b;
}
static __inline u_int
max(u_int a, u_int b)
{
	return a > b ? a : b;
}
static __inline u_int
min(u_int a, u_int b)
{
	return a < b ? a : b;
}
static __inline u_long
ulmax(u_long a, u_long b)
{
	return a > b ? a : b;
}
static __inline u_long
ulmin(u_long a, u_long b)
{
	return a < b ? a : b;
}

void kern_assert(const char *, ...) __dead __printflike(1, 2);

#define __KASSERTSTR "kernel %sassertion \"%s\" failed: file \"%s\", line %d "
#ifdef DIAGNOSTIC
#define KASSERT(e)                                                             \
	(__predict_true((e)) ? (void)0                                         \
			     : kern_assert(__KASSERTSTR, "diagnostic ", #e,    \
				   __FILE__, __LINE__))
#define KASSERTMSG(e, msg, ...)                                                \
	(__predict_true((e)) ? (void)0                                         \
			     : kern_assert(__KASSERTSTR msg, "diagnostic ",    \
				   #e, __FILE__, __LINE__, ##__VA_ARGS__))
#define _DIAGASSERT(e) KASSERT(e)
#else
#define KASSERT(e)		((void)0)
#define KASSERTMSG(e, msg, ...) ((void)0)
#define _DIAGASSERT(e)		((void)0)
#endif
#ifdef DEBUG
#define KDASSERT(e)                                                            \
	(__predict_true((e)) ? (void)0                                         \
			     : kern_assert(__KASSERTSTR, "debugging ", #e,     \
				   __FILE__, __LINE__))
#define KDASSERTMSG(e, msg, ...)                                               \
	(__predict_true((e)) ? (void)0                                         \
			     : kern_assert(__KASSERTSTR msg, "debugging ", #e, \
				   __FILE__, __LINE__, ##__VA_ARGS__))
#else
#define KDASSERT(e)		 ((void)0)
#define KDASSERTMSG(e, msg, ...) ((void)0)
#endif

#endif /* _KERNEL */

#endif /* !_LIB_LIBKERN_LIBKERN_H_ */
