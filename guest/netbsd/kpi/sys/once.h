/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * once(9): a function that is called once, whoever comes first.
 */
#ifndef _SYS_ONCE_H_
#define _SYS_ONCE_H_

#include <sys/cdefs.h>

/* The members are the runtime's own. */
typedef struct {
	int o_status, o_error, o_refcnt;
} once_t;

#define ONCE_DECL(name)	   once_t name
#define RUN_ONCE(o, func)  __run_once((o), (func))
#define INIT_ONCE(o, func) __run_once((o), (func))
#define FINI_ONCE(o, func) __fini_once((o), (func))

int __run_once(once_t *, int (*)(void));
void __fini_once(once_t *, void (*)(void));

#endif /* !_SYS_ONCE_H_ */
