/* SPDX-License-Identifier: BSD-2-Clause */
/* Work queues for drivers that have some: one thread does what is queued, in the order in which it is due. */
#include <linux/delay.h>
#include <linux/freezer.h>
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

static LIST_HEAD(queue);
static DECLARE_WAIT_QUEUE_HEAD(wake);

/* Work that waits for its time lies in the queue as well: its timer's `expires` says when. */
static LIST_HEAD(delayed);

struct workqueue_struct *system_freezable_wq;

bool queue_work_on(int cpu, struct workqueue_struct *wq, struct work_struct *work)
{
	if (test_and_set_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(work)))
		return false;
	list_add_tail(&work->entry, &queue);
	wake_up(&wake);
	return true;
}

bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *work,
			   unsigned long delay)
{
	if (delay == 0)
		return queue_work_on(cpu, wq, &work->work);
	if (test_and_set_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(&work->work)))
		return false;
	work->timer.expires = jiffies + delay;
	list_add_tail(&work->work.entry, &delayed);
	wake_up(&wake);
	return true;
}

static bool cancel(struct work_struct *work)
{
	if (!test_and_clear_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(work)))
		return false;
	list_del_init(&work->entry);
	return true;
}

bool cancel_work_sync(struct work_struct *work)
{
	return cancel(work);
}

bool cancel_delayed_work_sync(struct delayed_work *work)
{
	return cancel(&work->work);
}

void delayed_work_timer_fn(struct timer_list *timer)
{
	BUG(); /* no timer is ever started */
}

void init_timer_key(struct timer_list *timer, void (*function)(struct timer_list *),
		    unsigned int flags, const char *name, struct lock_class_key *key)
{
	timer->function = function;
}

struct workqueue_struct *alloc_workqueue(const char *format, unsigned int flags, int most, ...)
{
	return (struct workqueue_struct *)&queue; /* all are one, which nobody looks into */
}

void destroy_workqueue(struct workqueue_struct *wq)
{
}

/* Timers of a driver's: one at a time. */
static struct hrtimer *armed;

static void timer_is_due(struct work_struct *work)
{
	(void)armed->function(armed);
}

static DECLARE_DELAYED_WORK(timer_work, timer_is_due);

void hrtimer_init(struct hrtimer *timer, clockid_t clock, enum hrtimer_mode mode)
{
}

void hrtimer_start_range_ns(struct hrtimer *timer, ktime_t after, u64 more_ns,
			    enum hrtimer_mode mode)
{
	BUG_ON(armed && armed != timer);
	armed = timer;
	queue_delayed_work(system_freezable_wq, &timer_work,
			   DIV_ROUND_UP_ULL(after, NSEC_PER_SEC / HZ));
}

int hrtimer_cancel(struct hrtimer *timer)
{
	return cancel_delayed_work_sync(&timer_work);
}

void msleep(unsigned int milliseconds)
{
	schedule_timeout_uninterruptible(DIV_ROUND_UP(milliseconds * HZ, 1000));
}

/* Moves what is due to the queue, and gives the time until something else is. */
static long due(void)
{
	struct work_struct *work, *next;
	long nearest = MAX_SCHEDULE_TIMEOUT;

	list_for_each_entry_safe (work, next, &delayed, entry) {
		const long left = to_delayed_work(work)->timer.expires - jiffies;

		if (left <= 0)
			list_move_tail(&work->entry, &queue);
		else
			nearest = min(nearest, left);
	}
	return nearest;
}

/* It does the drivers' work, and is known by the name of the thread that others have for it. */
static int worker(void *unused)
{
	struct work_struct *work;
	long left;

	set_freezable();
	while (!kthread_should_stop()) {
		left = due();
		if (list_empty(&queue))
			wait_event_freezable_timeout(wake, !list_empty(&queue) || due() < left,
						     left);
		work = list_first_entry_or_null(&queue, struct work_struct, entry);
		if (!work)
			continue;
		BUG_ON(!cancel(work));
		work->func(work);
	}
	return 0;
}

static int __init work_init(void)
{
	struct task_struct *thread = kthread_run(worker, NULL, "xen-balloon");

	return PTR_ERR_OR_ZERO(thread);
}
subsys_initcall(work_init);
