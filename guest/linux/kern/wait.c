/* SPDX-License-Identifier: BSD-2-Clause */
/* Wait queues, and the locks that sleep. Spinlocks are nothing on one CPU. */
#include <linux/mutex.h>
#include <linux/percpu-rwsem.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/wait.h>

#include "bridge.h"
#include "runtime.h"

/* --- wait queues --- */

void __init_waitqueue_head(struct wait_queue_head *head, const char *name,
			   struct lock_class_key *key)
{
	spin_lock_init(&head->lock);
	INIT_LIST_HEAD(&head->head);
}

void add_wait_queue(struct wait_queue_head *head, struct wait_queue_entry *entry)
{
	entry->flags &= ~WQ_FLAG_EXCLUSIVE;
	__add_wait_queue(head, entry);
}

void remove_wait_queue(struct wait_queue_head *head, struct wait_queue_entry *entry)
{
	__remove_wait_queue(head, entry);
}

int __wake_up(struct wait_queue_head *head, unsigned int mode, int nr_exclusive, void *key)
{
	struct wait_queue_entry *entry, *next;
	int woken = 0;

	list_for_each_entry_safe (entry, next, &head->head, entry) {
		const unsigned int flags = entry->flags;

		if (entry->func(entry, mode, 0, key) == 0)
			continue;
		woken++;
		if ((flags & WQ_FLAG_EXCLUSIVE) && --nr_exclusive == 0)
			break;
	}
	if (bridge.seeded_schedule)
		linux_schedule_point();
	return woken;
}

/* Wakes the thread and takes the entry off its queue. */
static int wake_and_leave(struct wait_queue_entry *entry, unsigned int mode, int sync, void *key)
{
	int woken = default_wake_function(entry, mode, sync, key);

	if (woken)
		list_del_init(&entry->entry);
	return woken;
}

void init_wait_entry(struct wait_queue_entry *entry, int flags)
{
	entry->flags = flags;
	entry->private = current;
	entry->func = wake_and_leave;
	INIT_LIST_HEAD(&entry->entry);
}

long prepare_to_wait_event(struct wait_queue_head *head, struct wait_queue_entry *entry, int state)
{
	if (list_empty(&entry->entry)) {
		if (entry->flags & WQ_FLAG_EXCLUSIVE)
			__add_wait_queue_entry_tail(head, entry);
		else
			__add_wait_queue(head, entry);
	}
	set_current_state(state);
	return 0;
}

void finish_wait(struct wait_queue_head *head, struct wait_queue_entry *entry)
{
	__set_current_state(TASK_RUNNING);
	if (!list_empty_careful(&entry->entry))
		list_del_init(&entry->entry);
}

/* --- mutexes: owned by a thread or by nobody --- */

#ifdef LINUX_MUTEX_INIT_GENERIC
void mutex_init_generic(struct mutex *lock)
#else
void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key)
#endif
{
	atomic_long_set(&lock->owner, 0);
}

bool mutex_is_locked(struct mutex *lock)
{
	return atomic_long_read(&lock->owner) != 0;
}

int mutex_trylock(struct mutex *lock)
{
	if (mutex_is_locked(lock))
		return 0;
	atomic_long_set(&lock->owner, (long)current);
	return 1;
}

void mutex_lock(struct mutex *lock)
{
	if (atomic_long_read(&lock->owner) == (long)current)
		panic("a mutex is entered twice by %s", current->comm);
	while (!mutex_trylock(lock))
		thread_sleep_on(lock);
}

void mutex_unlock(struct mutex *lock)
{
	if (atomic_long_read(&lock->owner) != (long)current)
		bridge_misuse("mutex_unlock: the thread doesn't own the mutex");
	atomic_long_set(&lock->owner, 0);
	thread_wake_all(lock);
	if (bridge.seeded_schedule)
		linux_schedule_point();
}

/* --- rw_semaphores: count is the number of readers, or -1 for a writer --- */

void down_read(struct rw_semaphore *sem)
{
	while (atomic_long_read(&sem->count) < 0)
		thread_sleep_on(sem);
	atomic_long_inc(&sem->count);
}

void up_read(struct rw_semaphore *sem)
{
	BUG_ON(atomic_long_read(&sem->count) <= 0);
	if (atomic_long_dec_return(&sem->count) == 0)
		thread_wake_all(sem);
}

void down_write(struct rw_semaphore *sem)
{
	while (atomic_long_read(&sem->count) != 0)
		thread_sleep_on(sem);
	atomic_long_set(&sem->count, -1);
}

void up_write(struct rw_semaphore *sem)
{
	BUG_ON(atomic_long_read(&sem->count) != -1);
	atomic_long_set(&sem->count, 0);
	thread_wake_all(sem);
}

/* Readers go the fast way until a writer makes gp_state say otherwise. */

#ifdef LINUX_FREEZABLE_DOWN
bool __percpu_down_read(struct percpu_rw_semaphore *sem, bool try, bool freezable)
#else
bool __percpu_down_read(struct percpu_rw_semaphore *sem, bool try)
#endif
{
	while (atomic_read(&sem->block)) {
		if (try)
			return false;
		preempt_enable();
		thread_sleep_on(sem);
		preempt_disable();
	}
	this_cpu_inc(*sem->read_count);
	return true;
}

/* Newer versions: the last reader that leaves while a writer waits. */
void __percpu_up_read(struct percpu_rw_semaphore *sem);
void __percpu_up_read(struct percpu_rw_semaphore *sem)
{
	this_cpu_dec(*sem->read_count);
	thread_wake_all(sem);
}

void percpu_down_write(struct percpu_rw_semaphore *sem)
{
	while (atomic_read(&sem->block) || this_cpu_read(*sem->read_count) != 0)
		thread_sleep_on(sem);
	atomic_set(&sem->block, 1);
	sem->rss.gp_state = 1;
}

void percpu_up_write(struct percpu_rw_semaphore *sem)
{
	BUG_ON(!atomic_read(&sem->block));
	atomic_set(&sem->block, 0);
	sem->rss.gp_state = 0;
	thread_wake_all(sem);
}

/* Called when a reader leaves while a writer waits. */
int rcuwait_wake_up(struct rcuwait *w)
{
	thread_wake_all(container_of(w, struct percpu_rw_semaphore, writer));
	return 0;
}

/* --- RCU: one CPU that is never preempted inside a read section has no reader left when it gets here --- */

void synchronize_rcu(void)
{
}

#ifdef LINUX_KVFREE_CALL
void call_rcu(struct rcu_head *head, rcu_callback_t function)
{
	function(head);
}

/* Of kfree_rcu(): what is to be freed is named by itself. */
#ifdef LINUX_KVFREE_HEAD
void kvfree_call_rcu(struct kvfree_rcu_head *head, void *what)
#else
void kvfree_call_rcu(struct rcu_head *head, void *what)
#endif
{
	kvfree(what);
}
#else
/* kfree_rcu() has the place of the head in what is to be freed instead of a function. */
void call_rcu(struct rcu_head *head, rcu_callback_t function)
{
	const unsigned long offset = (unsigned long)function;

	if (__is_kvfree_rcu_offset(offset))
		kvfree((void *)head - offset);
	else
		function(head);
}
#endif

#ifdef LINUX_SRCU_GENERIC
int init_srcu_struct_generic(struct srcu_struct *srcu)
#else
int init_srcu_struct(struct srcu_struct *srcu)
#endif
{
	memset(srcu, 0, sizeof(*srcu));
	return 0;
}

void synchronize_srcu(struct srcu_struct *srcu)
{
}

void __srcu_read_unlock(struct srcu_struct *srcu, int index)
{
	WRITE_ONCE(srcu->srcu_lock_nesting[index], READ_ONCE(srcu->srcu_lock_nesting[index]) - 1);
}
