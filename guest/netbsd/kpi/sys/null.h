/* SPDX-License-Identifier: BSD-2-Clause */
/* NULL, from the compiler's own header. */
#ifndef _SYS_NULL_H_
#define _SYS_NULL_H_

#include <stddef.h>

#endif /* !_SYS_NULL_H_ */
