/* SPDX-License-Identifier: BSD-2-Clause */
/* va_list, from the compiler's own header. */
#ifndef _SYS_STDARG_H_
#define _SYS_STDARG_H_

#include <stdarg.h>

#endif /* !_SYS_STDARG_H_ */
