/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bitops(3): the first and the last bit that is set, counted from 1; logarithms;
 * and maps of bits.
 */
#ifndef _SYS_BITOPS_H_
#define _SYS_BITOPS_H_

#include <sys/types.h>

static __inline int __unused
ffs32(uint32_t n)
{
	return __builtin_ffs((int)n);
}

static __inline int __unused
ffs64(uint64_t n)
{
	return __builtin_ffsll((long long)n);
}

static __inline int __unused
fls32(uint32_t n)
{
	return n == 0 ? 0 : 32 - __builtin_clz(n);
}

static __inline int __unused
fls64(uint64_t n)
{
	return n == 0 ? 0 : 64 - __builtin_clzll(n);
}

#define ilog2(n)                                                               \
	(sizeof(n) > 4 ? fls64((uint64_t)(n)) - 1 : fls32((uint32_t)(n)) - 1)

#define __BITMAP_TYPE(name, type, n)                                           \
	struct name {                                                          \
		type _b[((n) + sizeof(type) * NBBY - 1) /                      \
			(sizeof(type) * NBBY)];                                \
	}
#define __BITMAP_BITS(v)     (sizeof((v)->_b[0]) * NBBY)
#define __BITMAP_WORD(n, v)  ((v)->_b[(n) / __BITMAP_BITS(v)])
#define __BITMAP_BIT(n, v)   ((__typeof((v)->_b[0]))1 << ((n) % __BITMAP_BITS(v)))
#define __BITMAP_SET(n, v)   (__BITMAP_WORD(n, v) |= __BITMAP_BIT(n, v))
#define __BITMAP_CLR(n, v)   (__BITMAP_WORD(n, v) &= ~__BITMAP_BIT(n, v))
#define __BITMAP_ISSET(n, v) ((__BITMAP_WORD(n, v) & __BITMAP_BIT(n, v)) != 0)
#define __BITMAP_ZERO(v)     __builtin_memset((v), 0, sizeof(*(v)))

#endif /* !_SYS_BITOPS_H_ */
