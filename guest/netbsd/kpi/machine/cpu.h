/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The CPU, by the older name of the header.
 */
#ifndef _MACHINE_CPU_H_
#define _MACHINE_CPU_H_

#include <sys/cpu.h>

#endif /* !_MACHINE_CPU_H_ */
