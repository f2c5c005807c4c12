/* SPDX-License-Identifier: BSD-2-Clause */
/* log(9): a message with a level, which this kernel prints whatever it is. */
#ifndef _SYS_SYSLOG_H_
#define _SYS_SYSLOG_H_

#include <sys/cdefs.h>

#define LOG_EMERG   0
#define LOG_ALERT   1
#define LOG_CRIT    2
#define LOG_ERR	    3
#define LOG_WARNING 4
#define LOG_NOTICE  5
#define LOG_INFO    6
#define LOG_DEBUG   7

void log(int, const char *, ...) __printflike(2, 3);

#endif /* !_SYS_SYSLOG_H_ */
