/* SPDX-License-Identifier: BSD-2-Clause */
/* The library's assertions. They hold in every build: one that fails is a panic of the guest. */
#ifndef GUEST_LIB_ASSERT_H
#define GUEST_LIB_ASSERT_H

#include "guest/lib/services.h"

#define ASSERT(e) (__builtin_expect(!(e), 0) ? panic("%s:%d: not true: %s", __FILE__, __LINE__, #e) : (void)0)

#endif
