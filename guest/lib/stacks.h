/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The stacks of a kernel's threads: from one to another, and what is on one before its thread runs first. No header is
 * needed, so that files which know another kernel's headers can include it.
 */
#ifndef GUEST_LIB_STACKS_H
#define GUEST_LIB_STACKS_H

/* Goes on where the thread of load_sp left off. What has to be found again here lies at *save_sp then. */
void stacks_switch(unsigned long *save_sp, unsigned long load_sp);

/*
 * top: the first address behind a stack, a multiple of 16. Returns what stacks_switch loads to call begin there, which
 * must not return. A backtrace ends at its call.
 */
unsigned long stacks_prepare(void *top, void (*begin)(void));

#endif
