/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * amd64's page size and what follows from it.
 */
#ifndef _MACHINE_PARAM_H_
#define _MACHINE_PARAM_H_

#define PGSHIFT 12
#define NBPG	(1 << PGSHIFT)
#define PGOFSET (NBPG - 1)

#define DEV_BSHIFT 9
#define DEV_BSIZE  (1 << DEV_BSHIFT)

#define ALIGNBYTES (sizeof(long) - 1)
#define ALIGN(p)   (((uintptr_t)(p) + ALIGNBYTES) & ~(uintptr_t)ALIGNBYTES)

#define ctob(x)		  ((paddr_t)(x) << PGSHIFT)
#define btoc(x)		  (((paddr_t)(x) + PGOFSET) >> PGSHIFT)
#define x86_btop(x)	  ((x) >> PGSHIFT)
#define x86_ptob(x)	  ((x) << PGSHIFT)
#define btop(x)		  x86_btop(x)
#define ptob(x)		  x86_ptob(x)
#define x86_round_page(x) ((((paddr_t)(x)) + PGOFSET) & ~(paddr_t)PGOFSET)
#define x86_trunc_page(x) ((paddr_t)(x) & ~(paddr_t)PGOFSET)

#define COHERENCY_UNIT	64
#define CACHE_LINE_SIZE 64
#define MAXCPUS		256

void delay(unsigned int);
#define DELAY(us) delay(us)

#endif /* !_MACHINE_PARAM_H_ */
