/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * No cfattach: all is done by the function that the bus calls.
 *     wanted: hook, 1 time
 *     wanted: watch
 *     never:  hook, 2 time
 */
#include <sys/param.h>
#include <sys/systm.h>

#include <xen/balloon.h>
#include <xen/xenbus.h>

static void balloon_watched(struct xenbus_watch *watch, const char **vec, unsigned int len)
{
    printf("watch\n");
}

static struct xenbus_watch balloon_watch = {
    .node = __UNCONST("memory/target"),
    .xbw_callback = balloon_watched,
};

void balloon_xenbus_setup(void)
{
    static int times;

    printf("hook, %d time\n", ++times);
    if (register_xenbus_watch(&balloon_watch) != 0)
        panic("no watch");
}
