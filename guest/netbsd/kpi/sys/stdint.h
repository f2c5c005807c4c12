/* SPDX-License-Identifier: BSD-2-Clause */
/* The fixed-width types, from the compiler's own header. */
#ifndef _SYS_STDINT_H_
#define _SYS_STDINT_H_

#include <stdint.h>

#endif /* !_SYS_STDINT_H_ */
