/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages and panics, and what else every file of a kernel may need.
 */
#ifndef _SYS_SYSTM_H_
#define _SYS_SYSTM_H_

#include <sys/types.h>
#include <sys/stdarg.h>
#include <sys/device_if.h>

extern const char *panicstr; /* set once the kernel has panicked */
extern psize_t physmem;	     /* pages of memory, plugged ones included */

void panic(const char *, ...) __dead __printflike(1, 2);
void vpanic(const char *, va_list) __dead __printflike(1, 0);
#if __STDC_HOSTED__ /* a program of user space has the C library's */
int printf(const char *, ...) __printflike(1, 2);
int vprintf(const char *, va_list) __printflike(1, 0);
#else
void printf(const char *, ...) __printflike(1, 2);
void vprintf(const char *, va_list) __printflike(1, 0);
#endif
void printf_nolog(const char *, ...) __printflike(1, 2);
int snprintf(char *, size_t, const char *, ...) __printflike(3, 4);
int vsnprintf(char *, size_t, const char *, va_list) __printflike(3, 0);

void aprint_normal(const char *, ...) __printflike(1, 2);
void aprint_error(const char *, ...) __printflike(1, 2);
void aprint_naive(const char *, ...) __printflike(1, 2);
void aprint_verbose(const char *, ...) __printflike(1, 2);
void aprint_debug(const char *, ...) __printflike(1, 2);

void device_printf(device_t, const char *, ...) __printflike(2, 3);
void aprint_normal_dev(device_t, const char *, ...) __printflike(2, 3);
void aprint_error_dev(device_t, const char *, ...) __printflike(2, 3);
void aprint_naive_dev(device_t, const char *, ...) __printflike(2, 3);
void aprint_verbose_dev(device_t, const char *, ...) __printflike(2, 3);
void aprint_debug_dev(device_t, const char *, ...) __printflike(2, 3);

int copyin(const void *, void *, size_t);
int copyout(const void *, void *, size_t);

#if !__STDC_HOSTED__
#define bcopy(src, dst, len) memcpy((dst), (src), (len))
#define bzero(src, len)	     memset((src), 0, (len))
#define bcmp(a, b, len)	     memcmp((a), (b), (len))
#endif

#include <lib/libkern/libkern.h>

#endif /* !_SYS_SYSTM_H_ */
