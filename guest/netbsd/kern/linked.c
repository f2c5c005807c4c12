/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a driver has put into the kernel's link sets: functions that make sysctl
 * nodes, counters of events, and modules, which are told that they are there.
 */
#include "guest/netbsd/kern/linked.h"

#include <sys/param.h>
#include <sys/evcnt.h>
#include <sys/module.h>
#include <sys/sysctl.h>

#include "guest/netbsd/kern/console.h"
#include "guest/netbsd/kern/spl.h"

typedef void sysctl_setup_t(struct sysctllog **);
__link_set_decl(sysctl_funcs, const void);
__link_set_decl(evcnts, struct evcnt);
__link_set_decl(modules, modinfo_t);

static void
setup_sysctl(const void *setup)
{
	uintptr_t function = (uintptr_t)setup;
	struct context_before before;

	context_begin(&before);
	((sysctl_setup_t *)function)(NULL);
	context_end(&before, "SYSCTL_SETUP", "", function);
}

static void
init_module(modinfo_t *module)
{
	struct context_before before;
	int error;

	context_begin(&before);
	error = module->mi_modcmd(MODULE_CMD_INIT, NULL);
	context_end(&before, "MODULE_CMD_INIT of ", module->mi_name,
	    (uintptr_t)module->mi_modcmd);
	if (error != 0)
		printf("WARNING: module error: built-in module %s failed its "
		       "init function (error %d)\n",
		    module->mi_name, error);
	console_flush();
}

void
linked_init(void)
{
	const void *const *setup = __link_set_start(sysctl_funcs);
	struct evcnt *const *counter = __link_set_start(evcnts);
	modinfo_t *const *module = __link_set_start(modules);

	for (; setup != __link_set_end(sysctl_funcs); setup++)
		setup_sysctl(*setup);
	for (; counter != __link_set_end(evcnts); counter++)
		evcnt_attach_static(*counter);
	for (; module != __link_set_end(modules); module++)
		init_module(*module);
}
