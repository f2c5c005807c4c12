/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * amd64's own types: addresses, sizes, page table entries.
 */
#ifndef _MACHINE_TYPES_H_
#define _MACHINE_TYPES_H_

#include <stdint.h>

typedef unsigned long paddr_t;
typedef unsigned long psize_t;
typedef unsigned long vaddr_t;
typedef unsigned long vsize_t;
typedef long register_t;
typedef uint64_t pt_entry_t;
typedef uint64_t pd_entry_t;
typedef unsigned long cpuid_t;

#define PRIxPADDR    "lx"
#define PRIxPSIZE    "lx"
#define PRIuPSIZE    "lu"
#define PRIxVADDR    "lx"
#define PRIxVSIZE    "lx"
#define PRIuVSIZE    "lu"
#define PRIxREGISTER "lx"

#endif /* !_MACHINE_TYPES_H_ */
