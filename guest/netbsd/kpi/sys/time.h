/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Time since boot, in NetBSD's shapes. The clock is Xen's (virtual) one.
 */
#ifndef _SYS_TIME_H_
#define _SYS_TIME_H_

#include <sys/types.h>

struct timeval {
	time_t tv_sec;
	suseconds_t tv_usec;
};
struct timespec {
	time_t tv_sec;
	long tv_nsec;
};
struct bintime {
	time_t sec;
	uint64_t frac;
};

#define time_uptime __uptime_seconds()

time_t __uptime_seconds(void);
int getticks(void);
void microtime(struct timeval *);
void getmicrotime(struct timeval *);
void microuptime(struct timeval *);
void getmicrouptime(struct timeval *);
void nanouptime(struct timespec *);
void getnanouptime(struct timespec *);
int tvtohz(const struct timeval *);
int ratecheck(struct timeval *, const struct timeval *);

#endif /* !_SYS_TIME_H_ */
