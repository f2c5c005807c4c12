/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SDT(9), as in a kernel without options KDTRACE_HOOKS: a probe costs nothing.
 */
#ifndef _SYS_SDT_H_
#define _SYS_SDT_H_

#include <sys/cdefs.h>

#define SDT_PROVIDER_DECLARE(prov)			     struct __sdt_provider
#define SDT_PROVIDER_DEFINE(prov)			     struct __sdt_provider
#define SDT_PROBE_DECLARE(prov, mod, func, name)	     struct __sdt_probe
#define SDT_PROBE_DEFINE0(prov, mod, func, name)	     struct __sdt_probe
#define SDT_PROBE_DEFINE1(prov, mod, func, name, a)	     struct __sdt_probe
#define SDT_PROBE_DEFINE2(prov, mod, func, name, a, b)	     struct __sdt_probe
#define SDT_PROBE_DEFINE3(prov, mod, func, name, a, b, c)    struct __sdt_probe
#define SDT_PROBE_DEFINE4(prov, mod, func, name, a, b, c, d) struct __sdt_probe
#define SDT_PROBE_DEFINE5(prov, mod, func, name, a, b, c, d, e)                \
	struct __sdt_probe
#define SDT_PROBE_ENABLED(prov, mod, func, name) 0
#define SDT_PROBE(prov, mod, func, name, a, b, c, d, e)                        \
	do {                                                                   \
	} while (0)
#define SDT_PROBE0(prov, mod, func, name)                                      \
	do {                                                                   \
	} while (0)
#define SDT_PROBE1(prov, mod, func, name, a)                                   \
	do {                                                                   \
	} while (0)
#define SDT_PROBE2(prov, mod, func, name, a, b)                                \
	do {                                                                   \
	} while (0)
#define SDT_PROBE3(prov, mod, func, name, a, b, c)                             \
	do {                                                                   \
	} while (0)
#define SDT_PROBE4(prov, mod, func, name, a, b, c, d)                          \
	do {                                                                   \
	} while (0)
#define SDT_PROBE5(prov, mod, func, name, a, b, c, d, e)                       \
	do {                                                                   \
	} while (0)
#define SET_ERROR(err) (err)

#endif /* !_SYS_SDT_H_ */
