/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the runtime needs of mutexes beyond mutex(9).
 */
#ifndef KERN_MUTEX_H
#define KERN_MUTEX_H

#include <sys/mutex.h>

/* For those who let go of a mutex that a driver entered, and take it back. */
void mutex_enter_for(kmutex_t *, bool by_driver);

#endif /* !KERN_MUTEX_H */
