/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * module(9): the driver is built into the kernel, and so is told
 * MODULE_CMD_INIT once, before devices are looked for.
 */
#ifndef _SYS_MODULE_H_
#define _SYS_MODULE_H_

#include <sys/types.h>
#include <sys/errno.h>

typedef enum modclass {
	MODULE_CLASS_ANY,
	MODULE_CLASS_MISC,
	MODULE_CLASS_VFS,
	MODULE_CLASS_DRIVER,
	MODULE_CLASS_EXEC,
	MODULE_CLASS_SECMODEL,
	MODULE_CLASS_BUFQ
} modclass_t;

typedef enum modcmd {
	MODULE_CMD_INIT,
	MODULE_CMD_FINI,
	MODULE_CMD_STAT,
	MODULE_CMD_AUTOUNLOAD
} modcmd_t;

typedef struct modinfo {
	u_int mi_version;
	modclass_t mi_class;
	int (*mi_modcmd)(modcmd_t, void *);
	const char *mi_name;
	const char *mi_required;
} const modinfo_t;

#define MODULE(class, name, required)                                          \
	static int name##_modcmd(modcmd_t, void *);                            \
	static const modinfo_t name##_modinfo = {.mi_class = (class),          \
	    .mi_modcmd = name##_modcmd,                                        \
	    .mi_name = #name,                                                  \
	    .mi_required = (required)};                                        \
	__link_set_add_rodata(modules, name##_modinfo)

#endif /* !_SYS_MODULE_H_ */
