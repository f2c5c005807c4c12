/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * autoconf(9) and driver(9): how a driver is found, attached and named.
 */
#ifndef _SYS_DEVICE_H_
#define _SYS_DEVICE_H_

#include <sys/types.h>
#include <sys/queue.h>
#include <sys/systm.h>

typedef struct device *device_t;
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
const char *device_cfname(device_t);
int device_unit(device_t);
void *device_private(device_t);
device_t device_parent(device_t);
cfdata_t device_cfdata(device_t);
devclass_t device_class(device_t);
bool device_is_active(device_t);
bool device_is_a(device_t, const char *);
bool device_is_enabled(device_t);
int device_locator(device_t, u_int);

void device_printf(device_t, const char *, ...) __printflike(2, 3);
void aprint_normal_dev(device_t, const char *, ...) __printflike(2, 3);
void aprint_error_dev(device_t, const char *, ...) __printflike(2, 3);
void aprint_naive_dev(device_t, const char *, ...) __printflike(2, 3);
void aprint_verbose_dev(device_t, const char *, ...) __printflike(2, 3);
void aprint_debug_dev(device_t, const char *, ...) __printflike(2, 3);

/* config_interrupts(9): called now when threads already run */
int config_interrupts(device_t, void (*)(device_t));
int config_mountroot(device_t, void (*)(device_t));
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
