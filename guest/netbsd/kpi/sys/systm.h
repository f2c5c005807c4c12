/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages, panics, assertions and the C library's few functions of a kernel:
 * what NetBSD spreads over <sys/systm.h> and <lib/libkern/libkern.h>.
 */
#ifndef _SYS_SYSTM_H_
#define _SYS_SYSTM_H_

#include <sys/types.h>
#include <sys/stdarg.h>

extern int hz;		     /* clock ticks a second */
extern int cold;	     /* 1 until the kernel may sleep */
extern const char *panicstr; /* set once the kernel has panicked */
extern psize_t physmem;	     /* pages of memory, plugged ones included */

void panic(const char *, ...) __dead __printflike(1, 2);
void vpanic(const char *, va_list) __dead __printflike(1, 0);
int printf(const char *, ...) __printflike(1, 2);
int vprintf(const char *, va_list) __printflike(1, 0);
void printf_nolog(const char *, ...) __printflike(1, 2);
void log(int, const char *, ...) __printflike(2, 3);
int snprintf(char *, size_t, const char *, ...) __printflike(3, 4);
int vsnprintf(char *, size_t, const char *, va_list) __printflike(3, 0);

void aprint_normal(const char *, ...) __printflike(1, 2);
void aprint_error(const char *, ...) __printflike(1, 2);
void aprint_naive(const char *, ...) __printflike(1, 2);
void aprint_verbose(const char *, ...) __printflike(1, 2);
void aprint_debug(const char *, ...) __printflike(1, 2);

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

int copyin(const void *, void *, size_t);
int copyout(const void *, void *, size_t);

/* Sleeping without a condition variable. Times are in ticks, 0 is forever. */
struct kmutex;
int tsleep(const volatile void *, pri_t, const char *, int);
int mtsleep(const volatile void *, pri_t, const char *, int, struct kmutex *);
int kpause(const char *, bool, int, struct kmutex *);
void wakeup(const volatile void *);
void delay(unsigned int);
#define DELAY(us) delay(us)

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

#endif /* !_SYS_SYSTM_H_ */
