/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the runtime needs of mutexes beyond mutex(9).
 */
#ifndef KERN_MUTEX_H
#define KERN_MUTEX_H

#include <sys/mutex.h>

/* For functions that release a mutex which a driver entered, and take it back. */
void mutex_enter_for(kmutex_t *, bool by_driver);

#endif /* !KERN_MUTEX_H */
