/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cdefs(9): what NetBSD calls the compiler's attributes. No declarations.
 */
#ifndef _SYS_CDEFS_H_
#define _SYS_CDEFS_H_

#ifdef __cplusplus
#define __BEGIN_DECLS extern "C" {
#define __END_DECLS   }
#else
#define __BEGIN_DECLS
#define __END_DECLS
#endif

#define ___CONCAT(x, y) x##y
#define __CONCAT(x, y)	___CONCAT(x, y)
#define ___STRING(x)	#x
#define __STRING(x)	#x
#define __XSTRING(x)	___STRING(x)
#define __P(protos)	protos

#define __GNUC_PREREQ__(x, y)                                                  \
	((__GNUC__ == (x) && __GNUC_MINOR__ >= (y)) || __GNUC__ > (x))

#define __attribute_used__ __attribute__((__used__))
#define __dead		   __attribute__((__noreturn__))
#define __pure		   __attribute__((__pure__))
#define __constfunc	   __attribute__((__const__))
#define __unused	   __attribute__((__unused__))
#define __used		   __attribute__((__used__))
#define __packed	   __attribute__((__packed__))
#define __aligned(x)	   __attribute__((__aligned__(x)))
#define __section(x)	   __attribute__((__section__(x)))
#define __noinline	   __attribute__((__noinline__))
#define __always_inline	   __attribute__((__always_inline__))
#define __returns_twice	   __attribute__((__returns_twice__))
#define __printflike(f, a) __attribute__((__format__(__printf__, f, a)))
#define __scanflike(f, a)  __attribute__((__format__(__scanf__, f, a)))
#define __fallthrough	   __attribute__((__fallthrough__))
#ifndef __inline
#define __inline __inline__
#endif
#ifndef __restrict
#define __restrict __restrict__
#endif
#ifndef __volatile
#define __volatile __volatile__
#endif

/* Used in a build with DIAGNOSTIC (DEBUG) only: no warning without it. */
#ifdef DIAGNOSTIC
#define __diagused
#else
#define __diagused __unused
#endif
#ifdef DEBUG
#define __debugused
#else
#define __debugused __unused
#endif

#define __predict_true(exp)  __builtin_expect((exp) != 0, 1)
#define __predict_false(exp) __builtin_expect((exp) != 0, 0)

#define __UNCONST(a)	 ((void *)(unsigned long)(const void *)(a))
#define __UNVOLATILE(a)	 ((void *)(unsigned long)(volatile void *)(a))
#define __FPTRCAST(t, f) ((t)(void *)(f))

#define __arraycount(a)	 (sizeof(a) / sizeof((a)[0]))
#define __insn_barrier() __asm__ __volatile__("" ::: "memory")

#define CTASSERT(x)   __CTASSERT(x)
#define __CTASSERT(x) _Static_assert(x, #x)

#define __BIT(n) (((unsigned long)(n) >= 64) ? 0UL : (1UL << ((n)&63)))
#define __BITS(m, n)                                                           \
	((__BIT(((m) > (n) ? (m) : (n)) + 1) - 1UL) ^                          \
	    (__BIT((m) < (n) ? (m) : (n)) - 1UL))
#define __LOWEST_SET_BIT(m) ((((m)-1) & (m)) ^ (m))
#define __SHIFTOUT(x, m)    (((x) & (m)) / __LOWEST_SET_BIT(m))
#define __SHIFTIN(x, m)	    ((x)*__LOWEST_SET_BIT(m))

/* A file's revision: checked to be a string, kept nowhere. */
#define __RCSID(s)	     _Static_assert(sizeof(s) > 0, "revision")
#define __KERNEL_RCSID(n, s) _Static_assert(sizeof(s) > 0, "revision")
#define __COPYRIGHT(s)	     _Static_assert(sizeof(s) > 0, "copyright")

#define __strong_alias(alias, sym)                                             \
	extern __typeof(sym) alias __attribute__((__alias__(#sym)));
#define __weak_alias(alias, sym)                                               \
	extern __typeof(sym) alias __attribute__((__weak__, __alias__(#sym)));

/* link sets: tables that the linker collects */
#define __link_set_make_entry(set, sym)                                        \
	static void const *const __link_set_##set##_sym_##sym __section(       \
	    "link_set_" #set) __used = (const void *)&sym
#define __link_set_add_text(set, sym)	__link_set_make_entry(set, sym)
#define __link_set_add_data(set, sym)	__link_set_make_entry(set, sym)
#define __link_set_add_rodata(set, sym) __link_set_make_entry(set, sym)
#define __link_set_add_data2(set, sym, n)                                      \
	static void const *const __link_set_##set##_sym_##sym##_##n __section( \
	    "link_set_" #set) __used = (const void *)&sym[n]
#define __link_set_decl(set, ptype)                                            \
	extern ptype *const __start_link_set_##set[]                           \
	    __attribute__((__weak__, __visibility__("hidden")));               \
	extern ptype *const __stop_link_set_##set[]                            \
	    __attribute__((__weak__, __visibility__("hidden")))
#define __link_set_start(set) (__start_link_set_##set)
#define __link_set_end(set)   (__stop_link_set_##set)
#define __link_set_count(set) (__link_set_end(set) - __link_set_start(set))

/* data that is read often and written seldom: no section of its own here */
#define __read_mostly
#define __cacheline_aligned __aligned(64)

#endif /* !_SYS_CDEFS_H_ */
