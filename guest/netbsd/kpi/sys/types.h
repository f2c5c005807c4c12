/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The basic types of a NetBSD/amd64 kernel. All are as wide as there.
 */
#ifndef _SYS_TYPES_H_
#define _SYS_TYPES_H_

#include <sys/cdefs.h>
#include <sys/stdint.h>
#include <sys/stdbool.h>
#include <sys/null.h>

typedef unsigned char u_char;
typedef unsigned short u_short;
typedef unsigned int u_int;
typedef unsigned long u_long;
typedef unsigned char unchar;
typedef unsigned short ushort;
typedef unsigned int uint;
typedef unsigned long ulong;

typedef uint8_t u_int8_t;
typedef uint16_t u_int16_t;
typedef uint32_t u_int32_t;
typedef uint64_t u_int64_t;
typedef int64_t quad_t;
typedef uint64_t u_quad_t;
typedef char *caddr_t;

typedef long ssize_t;
typedef int64_t off_t;
typedef int64_t daddr_t;
typedef int64_t time_t;
typedef int pid_t;
typedef int lwpid_t;
typedef uint32_t uid_t;
typedef uint32_t gid_t;
typedef uint32_t mode_t;
typedef uint64_t dev_t;
typedef uint64_t ino_t;
typedef int clockid_t;
typedef int suseconds_t;
typedef int pri_t;

#include <machine/types.h>

typedef int64_t voff_t;
typedef voff_t pgoff_t;
typedef int vm_prot_t;

#endif /* !_SYS_TYPES_H_ */
