/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The frame of a balloon driver that balloons nothing and does harm on request.
 * A file that includes this lists its deeds, and each deed is a node of
 * sysctl machdep.hostile: the number that is written there says on which of the
 * guest's threads the deed is done.
 */
#include <sys/param.h>
#include <sys/types.h>
#include <sys/systm.h>
#include <sys/callout.h>
#include <sys/condvar.h>
#include <sys/device.h>
#include <sys/intr.h>
#include <sys/kernel.h>
#include <sys/kmem.h>
#include <sys/kthread.h>
#include <sys/mutex.h>
#include <sys/pool.h>
#include <sys/sysctl.h>

#include <uvm/uvm_extern.h>
#include <xen/hypervisor.h>
#include <xen/xenbus.h>
#include <xen/xenpmap.h>

/*
 * What is not NetBSD's and hidden from drivers by its name. Code that means harm finds it in memory all the same.
 */
#define debug_port __guest_debug_port
#define boot_block __guest_boot_block

#define IN_SYSCTL  1 /* the thread of whoever writes the node */
#define IN_THREAD  2 /* the driver's own */
#define IN_CALLOUT 3 /* the idle loop, as in an interrupt */
#define IN_WATCH   4 /* XenStore's, at the next change of the target */

struct deed {
    const char *name;
    void (*run)(void);
};
extern const struct deed deeds[]; /* the last one's name is NULL */

static kmutex_t lock, other_lock, spin;
static kcondvar_t cv;
static callout_t soon;
static struct sysctllog *sysctl_log;
static struct xenbus_watch watch;
static void (*volatile wanted)(void);
static void (*volatile wanted_in_watch)(void);
static volatile uintptr_t nowhere; /* always 0, which the compiler can't know */
static volatile int zero;

static void hostile_thread(void *arg __unused)
{
    for (;;) {
        void (*run)(void);

        mutex_enter(&lock);
        while (wanted == NULL)
            cv_wait(&cv, &lock);
        run = wanted;
        wanted = NULL;
        mutex_exit(&lock);
        run();
    }
}

static void hostile_callout(void *arg __unused)
{
    wanted();
}

static void hostile_watch(struct xenbus_watch *w __unused, const char **vec __unused, unsigned int n __unused)
{
    if (wanted_in_watch != NULL)
        wanted_in_watch();
}

static int hostile_sysctl(SYSCTLFN_ARGS)
{
    const struct deed *deed = rnode->sysctl_data;
    struct sysctlnode node = *rnode;
    int where = 0, error;

    node.sysctl_data = &where;
    error = sysctl_lookup(SYSCTLFN_CALL(&node));
    if (error != 0 || newp == NULL)
        return error;
    switch (where) {
    case IN_SYSCTL:
        deed->run();
        return 0;
    case IN_THREAD:
        mutex_enter(&lock);
        wanted = deed->run;
        cv_signal(&cv);
        mutex_exit(&lock);
        return 0;
    case IN_CALLOUT:
        wanted = deed->run;
        callout_schedule(&soon, 1);
        return 0;
    case IN_WATCH:
        wanted_in_watch = deed->run;
        return 0;
    default:
        return EINVAL;
    }
}

static int hostile_match(device_t parent __unused, cfdata_t match __unused, void *aux)
{
    const struct xenbusdev_attach_args *xa = aux;

    return strcmp(xa->xa_type, "balloon") == 0;
}

static void hostile_attach(device_t parent __unused, device_t self, void *aux __unused)
{
    const struct sysctlnode *node = NULL;

    aprint_normal(": a driver that means harm\n");
    mutex_init(&lock, MUTEX_DEFAULT, IPL_NONE);
    mutex_init(&other_lock, MUTEX_DEFAULT, IPL_NONE);
    mutex_init(&spin, MUTEX_DEFAULT, IPL_VM);
    cv_init(&cv, "hostile");
    callout_init(&soon, CALLOUT_MPSAFE);
    callout_setfunc(&soon, hostile_callout, NULL);
    (void)sysctl_createv(&sysctl_log, 0, NULL, &node, 0, CTLTYPE_NODE, "machdep", NULL, NULL, 0, NULL, 0,
        CTL_MACHDEP, CTL_EOL);
    (void)sysctl_createv(&sysctl_log, 0, &node, &node, 0, CTLTYPE_NODE, "hostile", NULL, NULL, 0, NULL, 0,
        CTL_CREATE, CTL_EOL);
    for (const struct deed *d = deeds; d->name != NULL; d++)
        (void)sysctl_createv(&sysctl_log, 0, &node, NULL, CTLFLAG_READWRITE, CTLTYPE_INT, d->name, NULL,
            hostile_sysctl, 0, __UNCONST(d), 0, CTL_CREATE, CTL_EOL);
    watch.node = __UNCONST("memory/target");
    watch.xbw_callback = hostile_watch;
    (void)register_xenbus_watch(&watch);
    (void)kthread_create(
        PRI_NONE, KTHREAD_MPSAFE, NULL, hostile_thread, NULL, NULL, "%s", device_xname(self));
}

CFATTACH_DECL_NEW(balloon, 0, hostile_match, hostile_attach, NULL, NULL);
