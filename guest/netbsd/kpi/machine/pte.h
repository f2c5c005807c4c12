/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bits of an amd64 page table entry, by NetBSD's two sets of names.
 */
#ifndef _MACHINE_PTE_H_
#define _MACHINE_PTE_H_

#define PG_V	 0x0000000000000001UL
#define PG_RO	 0x0000000000000000UL
#define PG_RW	 0x0000000000000002UL
#define PG_u	 0x0000000000000004UL
#define PG_N	 0x0000000000000018UL
#define PG_U	 0x0000000000000020UL
#define PG_M	 0x0000000000000040UL
#define PG_PS	 0x0000000000000080UL
#define PG_G	 0x0000000000000100UL
#define PG_FRAME 0x000ffffffffff000UL
#define PG_NX	 0x8000000000000000UL
#define PG_k	 0x0000000000000000UL

#define PTE_P	  PG_V
#define PTE_W	  PG_RW
#define PTE_U	  PG_u
#define PTE_A	  PG_U
#define PTE_D	  PG_M
#define PTE_FRAME PG_FRAME
#define PTE_NX	  PG_NX

#endif /* !_MACHINE_PTE_H_ */
