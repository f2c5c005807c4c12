/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The console, line by line.
 */
#ifndef KERN_CONSOLE_H
#define KERN_CONSOLE_H

#include <sys/types.h>

void console_write(const char *, size_t);
void console_flush(void); /* a line that has no end yet leaves as it is */

#endif /* !KERN_CONSOLE_H */
