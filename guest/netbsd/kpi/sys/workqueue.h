/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * workqueue(9): work that a thread of the queue's own does, in the order in
 * which it was handed over. It may sleep.
 */
#ifndef _SYS_WORKQUEUE_H_
#define _SYS_WORKQUEUE_H_

#include <sys/types.h>
#include <sys/param.h>
#include <sys/cpu.h>
#include <sys/intr.h>

/* Belongs to the queue from workqueue_enqueue() until its function is called. */
struct work {
	void *wk_dummy;
};
struct workqueue;

#define WQ_MPSAFE 0x01
#define WQ_PERCPU 0x02
#define WQ_FPU	  0x04

int workqueue_create(struct workqueue **, const char *,
    void (*)(struct work *, void *), void *, pri_t, int, int);
void workqueue_destroy(struct workqueue *);
void workqueue_wait(struct workqueue *, struct work *);
void workqueue_enqueue(struct workqueue *, struct work *, struct cpu_info *);

#endif /* !_SYS_WORKQUEUE_H_ */
