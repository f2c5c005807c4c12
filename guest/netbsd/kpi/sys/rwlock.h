/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rwlock(9): many readers or one writer.
 */
#ifndef _SYS_RWLOCK_H_
#define _SYS_RWLOCK_H_

#include <sys/types.h>

typedef enum krw_t { RW_READER = 0, RW_WRITER = 1 } krw_t;

typedef struct krwlock {
	void *rw_owner;
	uint32_t rw_state;
	int32_t rw_readers;
} krwlock_t;

void rw_init(krwlock_t *);
void rw_destroy(krwlock_t *);
void rw_enter(krwlock_t *, const krw_t);
int rw_tryenter(krwlock_t *, const krw_t);
void rw_exit(krwlock_t *);
int rw_tryupgrade(krwlock_t *);
void rw_downgrade(krwlock_t *);
int rw_read_held(krwlock_t *);
int rw_write_held(krwlock_t *);
int rw_lock_held(krwlock_t *);

#endif /* !_SYS_RWLOCK_H_ */
