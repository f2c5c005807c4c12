/* SPDX-License-Identifier: BSD-2-Clause */
/* The userland view of <sys/types.h>: the C library's types, and the kernel's that programs know. */
#ifndef _BALLAST_USER_SYS_TYPES_H
#define _BALLAST_USER_SYS_TYPES_H

#include_next <sys/types.h>
#include <sys/cdefs.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef unsigned long vaddr_t, vsize_t, paddr_t, psize_t;
typedef int64_t voff_t;
typedef int vm_prot_t;
typedef int pri_t;
typedef int lwpid_t;
typedef uint64_t pt_entry_t;

#define PRIxPADDR "lx"
#define PRIxPSIZE "lx"
#define PRIuPSIZE "lu"
#define PRIxVADDR "lx"
#define PRIxVSIZE "lx"
#define PRIuVSIZE "lu"

#endif
