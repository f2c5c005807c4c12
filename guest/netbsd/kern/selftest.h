/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the runtime's own tests share: CHECK notes a failure and goes on.
 */
#ifndef KERN_SELFTEST_H
#define KERN_SELFTEST_H

#include <sys/param.h>

void selftest_check(bool, const char *, const char *, int);
#define CHECK(e) selftest_check((e), #e, __FILE__, __LINE__)

/* selftest_services.c */
void selftest_sync(void);
void selftest_callout(void);
void selftest_sysctl(void);
void selftest_xenbus(void);
void selftest_pages(void);
void selftest_pressure(void);

/* selftest_physseg.c */
void selftest_physseg(void);

/* selftest_driver.c */
void selftest_driver(void);
void selftest_nodes(void);

#endif /* !KERN_SELFTEST_H */
