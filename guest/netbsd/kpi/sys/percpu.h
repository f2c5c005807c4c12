/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * percpu(9): memory of which each CPU has its own. There is one CPU.
 */
#ifndef _SYS_PERCPU_H_
#define _SYS_PERCPU_H_

#include <sys/types.h>
#include <sys/cpu.h>

typedef struct percpu percpu_t;
typedef void (*percpu_callback_t)(void *, void *, struct cpu_info *);

percpu_t *percpu_alloc(size_t);
percpu_t *percpu_create(size_t, percpu_callback_t, percpu_callback_t, void *);
void percpu_free(percpu_t *, size_t);
void *percpu_getref(percpu_t *);
void percpu_putref(percpu_t *);
void percpu_foreach(percpu_t *, percpu_callback_t, void *);
void percpu_foreach_xcall(percpu_t *, u_int, percpu_callback_t, void *);
void percpu_traverse_enter(void);
void percpu_traverse_exit(void);
void *percpu_getptr_remote(percpu_t *, struct cpu_info *);

#endif /* !_SYS_PERCPU_H_ */
