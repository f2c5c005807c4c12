/* SPDX-License-Identifier: BSD-2-Clause */
/* bool, from the compiler's own header. */
#ifndef _SYS_STDBOOL_H_
#define _SYS_STDBOOL_H_

#include <stdbool.h>

#endif /* !_SYS_STDBOOL_H_ */
