/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * printf formats of the fixed-width types on an LP64 machine.
 */
#ifndef _SYS_INTTYPES_H_
#define _SYS_INTTYPES_H_

#include <sys/stdint.h>

#define PRId8	"d"
#define PRId16	"d"
#define PRId32	"d"
#define PRId64	"ld"
#define PRIdMAX "jd"
#define PRIdPTR "ld"
#define PRIi8	"i"
#define PRIi16	"i"
#define PRIi32	"i"
#define PRIi64	"li"
#define PRIiMAX "ji"
#define PRIiPTR "li"
#define PRIo8	"o"
#define PRIo16	"o"
#define PRIo32	"o"
#define PRIo64	"lo"
#define PRIoMAX "jo"
#define PRIoPTR "lo"
#define PRIu8	"u"
#define PRIu16	"u"
#define PRIu32	"u"
#define PRIu64	"lu"
#define PRIuMAX "ju"
#define PRIuPTR "lu"
#define PRIx8	"x"
#define PRIx16	"x"
#define PRIx32	"x"
#define PRIx64	"lx"
#define PRIxMAX "jx"
#define PRIxPTR "lx"
#define PRIX8	"X"
#define PRIX16	"X"
#define PRIX32	"X"
#define PRIX64	"lX"
#define PRIXMAX "jX"
#define PRIXPTR "lX"

#endif /* !_SYS_INTTYPES_H_ */
