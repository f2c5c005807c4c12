/* SPDX-License-Identifier: BSD-2-Clause */
/* Deeds that misuse mutexes, condition variables and interrupt levels. */
#include "hostile.h"

static kcondvar_t other_cv;
static kmutex_t never_made;
static bool thread_has_run;

static void run_in_thread(void (*function)(void *))
{
    thread_has_run = false;
    (void)kthread_create(PRI_NONE, KTHREAD_MPSAFE, NULL, function, NULL, NULL, "helper");
    while (!thread_has_run)
        (void)kpause("helper", false, 1, NULL);
}

static void enter_twice(void)
{
    mutex_enter(&other_lock);
    mutex_enter(&other_lock);
}

static void enter_spin_twice(void)
{
    mutex_enter(&spin);
    mutex_enter(&spin);
}

static void exit_not_held(void)
{
    mutex_exit(&other_lock);
}
static void use_never_made(void)
{
    mutex_enter(&never_made);
}

static void use_destroyed(void)
{
    mutex_destroy(&other_lock);
    mutex_enter(&other_lock);
}

static void destroy_held(void)
{
    mutex_enter(&other_lock);
    mutex_destroy(&other_lock);
}

static void exit_for_another(void *arg __unused)
{
    thread_has_run = true;
    mutex_exit(&other_lock);
    kthread_exit(0);
}

static void exit_by_another(void)
{
    mutex_enter(&other_lock);
    run_in_thread(exit_for_another);
}

static void enter_and_end(void *arg __unused)
{
    mutex_enter(&other_lock);
    thread_has_run = true;
    kthread_exit(0);
}

static void end_with_mutex(void)
{
    run_in_thread(enter_and_end);
}

static void raise_and_end(void *arg __unused)
{
    (void)splvm();
    thread_has_run = true;
    kthread_exit(0);
}

static void end_with_level(void)
{
    run_in_thread(raise_and_end);
}

static void wait_without(void)
{
    cv_wait(&cv, &other_lock);
}

static void wait_with_another(void)
{
    cv_init(&other_cv, "other");
    mutex_enter(&lock);
    mutex_enter(&other_lock);
    (void)cv_timedwait(&other_cv, &other_lock, 1);
    mutex_exit(&other_lock);
    mutex_exit(&lock);
}

static void wait_with_spin(void)
{
    cv_init(&other_cv, "other");
    mutex_enter(&other_lock);
    mutex_spin_enter(&spin);
    (void)cv_timedwait(&other_cv, &other_lock, 1);
    mutex_spin_exit(&spin);
    mutex_exit(&other_lock);
}

static void wait_with_level(void)
{
    int s = splvm();

    cv_init(&other_cv, "other");
    mutex_enter(&other_lock);
    (void)cv_timedwait(&other_cv, &other_lock, 1);
    mutex_exit(&other_lock);
    splx(s);
}

/* The driver's thread waits on `cv`, holding `lock`. */
static void wait_with_two(void)
{
    mutex_enter(&other_lock);
    (void)cv_timedwait(&cv, &other_lock, 1);
    mutex_exit(&other_lock);
}

static void destroy_waited_for(void)
{
    cv_destroy(&cv);
}

static void sleep_with_mutex(void)
{
    mutex_enter(&other_lock);
    (void)kpause("nap", false, 1, NULL);
    mutex_exit(&other_lock);
}

static void sleep_with_spin(void)
{
    mutex_spin_enter(&spin);
    (void)kpause("nap", false, 1, NULL);
    mutex_spin_exit(&spin);
}

static void allocate_with_spin(void)
{
    mutex_spin_enter(&spin);
    kmem_free(kmem_alloc(64, KM_SLEEP), 64);
    mutex_spin_exit(&spin);
}

static void sleep(void)
{
    (void)kpause("nap", false, 1, NULL);
}

static void return_with_mutex(void)
{
    mutex_enter(&other_lock);
}
static void return_with_spin(void)
{
    mutex_enter(&spin);
}
static void return_with_level(void)
{
    (void)splvm();
}

static void lower_what_nobody_raised(void)
{
    splx(IPL_NONE);
}

static void lower_to_no_level(void)
{
    int s = splvm();

    splx(s + 100);
    splx(s);
}

static void lower_twice(void)
{
    int s = splvm();

    splx(s);
    splx(s);
}

/* The levels are given back in the order in which they were got. */
static void lower_the_wrong_one(void)
{
    int outer = splvm(), inner = splhigh();

    splx(outer);
    splx(inner);
}

/* The mutex gives back a level that is below the one that splx wants. */
static void lower_behind_the_mutex(void)
{
    int s;

    mutex_spin_enter(&spin);
    s = splhigh();
    mutex_spin_exit(&spin);
    splx(s);
}

static void raise_again_and_again(void)
{
    for (int k = 0; k < 100; k++)
        (void)splvm();
    (void)spl0();
}

static void pause_at_level(void)
{
    int s = splvm();

    (void)kpause("nap", false, 1, NULL);
    splx(s);
}

static void allocate_at_level(void)
{
    int s = splsoftclock();

    kmem_free(kmem_alloc(64, KM_SLEEP), 64);
    splx(s);
}

static void enter_at_level(void)
{
    int s = splvm();

    mutex_enter(&other_lock);
    mutex_exit(&other_lock);
    splx(s);
}

/* A correct use, which must not be reported. */
static void nothing_wrong(void)
{
    int s = splvm(), inner = splhigh(), innermost;

    splx(inner);
    inner = splvm();
    innermost = splhigh();
    splx(inner); /* that of the innermost one goes with it */
    kmem_free(kmem_alloc(64, KM_NOSLEEP), 64);
    (void)tsleep(&innermost, PWAIT, "nap", 1); /* gives the level up while it waits */
    splx(s);
    (void)splvm();
    (void)spl0();
    cv_init(&other_cv, "other");
    mutex_enter(&lock);
    kmem_free(kmem_alloc(64, KM_SLEEP), 64);
    mutex_exit(&lock);
    mutex_enter(&other_lock);
    (void)cv_timedwait(&other_cv, &other_lock, 1);
    (void)cv_timedwait(&other_cv, &other_lock, 1);
    mutex_exit(&other_lock);
    mutex_spin_enter(&spin);
    kmem_free(kmem_alloc(64, KM_NOSLEEP), 64);
    mutex_spin_exit(&spin);
    (void)kpause("nap", false, 1, NULL);
    cv_destroy(&other_cv);
}

const struct deed deeds[] = {{"enter_twice", enter_twice}, {"enter_spin_twice", enter_spin_twice},
    {"exit_not_held", exit_not_held}, {"use_never_made", use_never_made}, {"use_destroyed", use_destroyed},
    {"destroy_held", destroy_held}, {"exit_by_another", exit_by_another}, {"end_with_mutex", end_with_mutex},
    {"end_with_level", end_with_level}, {"wait_without", wait_without},
    {"wait_with_another", wait_with_another}, {"wait_with_spin", wait_with_spin},
    {"wait_with_level", wait_with_level}, {"wait_with_two", wait_with_two},
    {"destroy_waited_for", destroy_waited_for}, {"sleep_with_mutex", sleep_with_mutex},
    {"sleep_with_spin", sleep_with_spin}, {"allocate_with_spin", allocate_with_spin}, {"sleep", sleep},
    {"return_with_mutex", return_with_mutex}, {"return_with_spin", return_with_spin},
    {"return_with_level", return_with_level}, {"lower_what_nobody_raised", lower_what_nobody_raised},
    {"lower_to_no_level", lower_to_no_level}, {"lower_twice", lower_twice},
    {"lower_the_wrong_one", lower_the_wrong_one}, {"lower_behind_the_mutex", lower_behind_the_mutex},
    {"raise_again_and_again", raise_again_and_again}, {"pause_at_level", pause_at_level},
    {"allocate_at_level", allocate_at_level}, {"enter_at_level", enter_at_level},
    {"nothing_wrong", nothing_wrong}, {NULL, NULL}};
