/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shadows Linux's, whose BUG() and WARN() are an illegal instruction and a table: here they are calls that know
 * where they stand. bug_here() ends the domain, warn_here() tells and goes on.
 */
#ifndef _ASM_X86_BUG_H
#define _ASM_X86_BUG_H

#include <linux/stringify.h>
#include <linux/instrumentation.h>
#include <linux/objtool.h>
#include <generated/differences.h> /* guest/linux/differences */

#ifndef __ASSEMBLY__
void bug_here(const char *file, int line) __attribute__((noreturn, cold));
void warn_here(const char *file, const char *function, unsigned int flags) __attribute__((cold));

#define HAVE_ARCH_BUG
#define BUG() bug_here(__FILE__, __LINE__)
/* Where a macro's arguments stand on several lines gcc and clang number them differently; a function has one name. */
#ifdef LINUX_WARN_CONDITION
#define __WARN_FLAGS(condition, flags) warn_here(__FILE__, __func__, BUGFLAG_WARNING | (flags))
#else
#define __WARN_FLAGS(flags) warn_here(__FILE__, __func__, BUGFLAG_WARNING | (flags))
#endif
#endif

#include <asm-generic/bug.h>

#endif
