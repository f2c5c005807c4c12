/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * autoconf(9) and driver(9): how a driver is found, attached and named.
 */
#ifndef _SYS_DEVICE_H_
#define _SYS_DEVICE_H_

#include <sys/types.h>
#include <sys/device_if.h>
#include <sys/evcnt.h>
#include <sys/mutex.h>
#include <sys/queue.h>
#include <sys/systm.h>

typedef struct cfdata *cfdata_t;
typedef struct cfattach *cfattach_t;
typedef uint64_t devact_level_t;

typedef enum devclass {
	DV_DULL,
	DV_CPU,
	DV_DISK,
	DV_IFNET,
	DV_TAPE,
	DV_TTY,
	DV_AUDIODEV,
	DV_DISPLAYDEV,
	DV_BUS,
	DV_VIRTUAL
} devclass_t;

enum devact { DVACT_DEACTIVATE = 2 };

typedef int (*cfprint_t)(void *, const char *);
#define QUIET  0
#define UNCONF 1
#define UNSUPP 2

/* one line of the kernel's configuration */
struct cfdata {
	const char *cf_name;   /* driver name */
	const char *cf_atname; /* attachment name */
	unsigned int cf_unit;
	unsigned char cf_fstate;
	int *cf_loc; /* locators: see locators.h */
	int cf_flags;
	const void *cf_pspec;
};

struct cfattach {
	const char *ca_name;
	LIST_ENTRY(cfattach) ca_list;
	size_t ca_devsize; /* size of the softc */
	int ca_flags;
	int (*ca_match)(device_t, cfdata_t, void *);
	void (*ca_attach)(device_t, device_t, void *);
	int (*ca_detach)(device_t, int);
	int (*ca_activate)(device_t, enum devact);
	int (*ca_rescan)(device_t, const char *, const int *);
	void (*ca_childdetached)(device_t, device_t);
};

#define DVF_PRIV_ALLOC	    0x0002
#define DVF_DETACH_SHUTDOWN 0x0080
#define DETACH_FORCE	    0x01
#define DETACH_QUIET	    0x02
#define DETACH_SHUTDOWN	    0x04

#define CFATTACH_DECL3_NEW(                                                    \
    name, ddsize, matfn, attfn, detfn, actfn, rescanfn, chdetfn, __flags)      \
	struct cfattach __CONCAT(name, _ca) = {                                \
	    .ca_name = ___STRING(name),                                        \
	    .ca_devsize = ddsize,                                              \
	    .ca_flags = (__flags) | DVF_PRIV_ALLOC,                            \
	    .ca_match = matfn,                                                 \
	    .ca_attach = attfn,                                                \
	    .ca_detach = detfn,                                                \
	    .ca_activate = actfn,                                              \
	    .ca_rescan = rescanfn,                                             \
	    .ca_childdetached = chdetfn,                                       \
	}
#define CFATTACH_DECL2_NEW(                                                    \
    name, ddsize, matfn, attfn, detfn, actfn, rescanfn, chdetfn)               \
	CFATTACH_DECL3_NEW(                                                    \
	    name, ddsize, matfn, attfn, detfn, actfn, rescanfn, chdetfn, 0)
#define CFATTACH_DECL_NEW(name, ddsize, matfn, attfn, detfn, actfn)            \
	CFATTACH_DECL2_NEW(name, ddsize, matfn, attfn, detfn, actfn, NULL, NULL)

const char *device_xname(device_t);
int device_unit(device_t);
void *device_private(device_t);
device_t device_parent(device_t);
cfdata_t device_cfdata(device_t);
devclass_t device_class(device_t);
bool device_is_active(device_t);
bool device_is_a(device_t, const char *);
bool device_is_enabled(device_t);
int device_locator(device_t, u_int);
device_t device_find_by_xname(const char *);
device_t device_find_by_driver_unit(const char *, int);

/* config_found(9): in this way a bus, or a driver by itself, finds a device */
typedef int (*cfsubmatch_t)(device_t, cfdata_t, const int *, void *);
typedef int (*cfsearch_t)(device_t, cfdata_t, const int *, void *);
struct cfargs {
	uintptr_t cfargs_version;
	cfsubmatch_t submatch;
	cfsearch_t search;
	const char *iattr;
	const int *locators;
};
#define CFARGS_VERSION 1
#define CFARGS_NONE    NULL
#define CFARGS(...)                                                            \
	(&(const struct cfargs){.cfargs_version = CFARGS_VERSION, __VA_ARGS__})

/* It had three arguments, before it had four. */
device_t config_found(device_t, void *, cfprint_t, const struct cfargs *);
#define config_found(...) __config_found(__VA_ARGS__, NULL, 0)
#define __config_found(parent, aux, print, args, ...)                          \
	(config_found)((parent), (aux), (print), (args))
device_t config_found_ia(device_t, const char *, void *, cfprint_t);

/* config_interrupts(9): called now when threads already run */
void config_interrupts(device_t, void (*)(device_t));
void config_mountroot(device_t, void (*)(device_t));
void config_pending_incr(device_t);
void config_pending_decr(device_t);

/* pmf(9) */
struct device_suspensor;
typedef struct pmf_qual {
	const struct device_suspensor *pq_suspensor;
	devact_level_t pq_actlvl;
} pmf_qual_t;
bool pmf_device_register(device_t, bool (*)(device_t, const pmf_qual_t *),
    bool (*)(device_t, const pmf_qual_t *));
bool pmf_device_register1(device_t, bool (*)(device_t, const pmf_qual_t *),
    bool (*)(device_t, const pmf_qual_t *), bool (*)(device_t, int));
void pmf_device_deregister(device_t);

#endif /* !_SYS_DEVICE_H_ */
