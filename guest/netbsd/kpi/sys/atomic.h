/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * atomic_ops(3) and membar_ops(3), over the compiler's builtins.
 */
#ifndef _SYS_ATOMIC_H_
#define _SYS_ATOMIC_H_

#include <sys/types.h>

#define __ATOMIC_OPS(suffix, type, delta)                                      \
	static __inline void atomic_add_##suffix(volatile type *p, delta d)    \
	{                                                                      \
		(void)__atomic_add_fetch(p, (type)d, __ATOMIC_SEQ_CST);        \
	}                                                                      \
	static __inline type atomic_add_##suffix##_nv(                         \
	    volatile type *p, delta d)                                         \
	{                                                                      \
		return __atomic_add_fetch(p, (type)d, __ATOMIC_SEQ_CST);       \
	}                                                                      \
	static __inline void atomic_inc_##suffix(volatile type *p)             \
	{                                                                      \
		(void)__atomic_add_fetch(p, 1, __ATOMIC_SEQ_CST);              \
	}                                                                      \
	static __inline type atomic_inc_##suffix##_nv(volatile type *p)        \
	{                                                                      \
		return __atomic_add_fetch(p, 1, __ATOMIC_SEQ_CST);             \
	}                                                                      \
	static __inline void atomic_dec_##suffix(volatile type *p)             \
	{                                                                      \
		(void)__atomic_sub_fetch(p, 1, __ATOMIC_SEQ_CST);              \
	}                                                                      \
	static __inline type atomic_dec_##suffix##_nv(volatile type *p)        \
	{                                                                      \
		return __atomic_sub_fetch(p, 1, __ATOMIC_SEQ_CST);             \
	}                                                                      \
	static __inline void atomic_or_##suffix(volatile type *p, type bits)   \
	{                                                                      \
		(void)__atomic_or_fetch(p, bits, __ATOMIC_SEQ_CST);            \
	}                                                                      \
	static __inline void atomic_and_##suffix(volatile type *p, type bits)  \
	{                                                                      \
		(void)__atomic_and_fetch(p, bits, __ATOMIC_SEQ_CST);           \
	}                                                                      \
	static __inline type atomic_swap_##suffix(volatile type *p, type to)   \
	{                                                                      \
		return __atomic_exchange_n(p, to, __ATOMIC_SEQ_CST);           \
	}                                                                      \
	static __inline type atomic_cas_##suffix(                              \
	    volatile type *p, type from, type to)                              \
	{                                                                      \
		(void)__atomic_compare_exchange_n(                             \
		    p, &from, to, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);      \
		return from;                                                   \
	}

__ATOMIC_OPS(32, uint32_t, int32_t)
__ATOMIC_OPS(64, uint64_t, int64_t)
__ATOMIC_OPS(uint, unsigned int, int)
__ATOMIC_OPS(ulong, unsigned long, long)
#undef __ATOMIC_OPS

static __inline void *
atomic_cas_ptr(volatile void *p, void *from, void *to)
{
	(void)__atomic_compare_exchange_n((void *volatile *)p, &from, to, 0,
	    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	return from;
}
static __inline void *
atomic_swap_ptr(volatile void *p, void *to)
{
	return __atomic_exchange_n((void *volatile *)p, to, __ATOMIC_SEQ_CST);
}

#define atomic_load_relaxed(p)	   __atomic_load_n((p), __ATOMIC_RELAXED)
#define atomic_load_acquire(p)	   __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define atomic_load_consume(p)	   __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define atomic_store_relaxed(p, v) __atomic_store_n((p), (v), __ATOMIC_RELAXED)
#define atomic_store_release(p, v) __atomic_store_n((p), (v), __ATOMIC_RELEASE)

#define membar_sync()		  __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define membar_enter()		  __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define membar_exit()		  __atomic_thread_fence(__ATOMIC_RELEASE)
#define membar_producer()	  __atomic_thread_fence(__ATOMIC_RELEASE)
#define membar_consumer()	  __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define membar_acquire()	  __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define membar_release()	  __atomic_thread_fence(__ATOMIC_RELEASE)
#define membar_datadep_consumer() __atomic_thread_fence(__ATOMIC_ACQUIRE)

#endif /* !_SYS_ATOMIC_H_ */
