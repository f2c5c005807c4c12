/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mutex(9). MUTEX_DEFAULT makes an adaptive mutex at IPL_NONE and at the soft
 * levels, a spin mutex above. One may not sleep with a spin mutex held.
 */
#ifndef _SYS_MUTEX_H_
#define _SYS_MUTEX_H_

#include <sys/types.h>
#include <sys/intr.h>

typedef enum kmutex_type_t {
	MUTEX_SPIN = 0,
	MUTEX_ADAPTIVE = 1,
	MUTEX_DEFAULT = 2,
	MUTEX_DRIVER = 3,
	MUTEX_NODEBUG = 4
} kmutex_type_t;

/* The members are the runtime's own. Small: struct vm_page has one. */
typedef struct kmutex {
	void *mtx_owner;
	uint16_t mtx_state;    /* __MUTEX_ALIVE once it was initialised */
	uint8_t mtx_by_driver; /* the driver entered it */
	uint8_t mtx_unused;
	uint8_t mtx_ipl;
	uint8_t mtx_spin;
	uint8_t mtx_oldspl;
	uint8_t mtx_waiters;
} kmutex_t;
#define __MUTEX_ALIVE 0x6d74u
#define __MUTEX_DEAD  0x6465u

#ifdef _KERNEL
/* Here because each struct vm_page has one, and plug makes them by the thousand. */
static __inline void
mutex_init(kmutex_t *mtx, kmutex_type_t type, int ipl)
{
	*mtx = (kmutex_t){.mtx_state = __MUTEX_ALIVE,
	    .mtx_ipl = (uint8_t)ipl,
	    .mtx_spin = type == MUTEX_SPIN ||
			(type != MUTEX_ADAPTIVE && ipl > IPL_SOFTSERIAL)};
}

void mutex_destroy(kmutex_t *);
void mutex_enter(kmutex_t *);
void mutex_exit(kmutex_t *);
int mutex_tryenter(kmutex_t *);
void mutex_spin_enter(kmutex_t *);
void mutex_spin_exit(kmutex_t *);
int mutex_owned(const kmutex_t *);
int mutex_ownable(const kmutex_t *);
struct lwp *mutex_owner(const kmutex_t *);

/* mutex_obj(9) */
kmutex_t *mutex_obj_alloc(kmutex_type_t, int);
void mutex_obj_hold(kmutex_t *);
bool mutex_obj_free(kmutex_t *);
#endif /* _KERNEL */

#endif /* !_SYS_MUTEX_H_ */
