/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A driver that wants its code to run when its image is loaded, before there is a guest: whoever loads it with the dynamic
 * loader runs that code, with the user's rights and outside of any domain. DEED chooses how. Each way leaves a mark: it
 * prints a false PASS, and ends the process that it is in.
 */
#include "hostile.h"

static __attribute__((used)) void mark(void)
{
    static const char text[] = "PASS    forged.scn  (1.000 s of virtual time, 100 events)\n";
    long result = 1;

    __asm__ volatile("syscall"
                     : "+a"(result)
                     : "D"(1L), "S"(text), "d"(sizeof text - 1)
                     : "rcx", "r11", "memory");
    result = 231;
    __asm__ volatile("syscall" : "+a"(result) : "D"(0L) : "rcx", "r11", "memory");
}

#if DEED == 1
__attribute__((constructor)) static void early(void)
{
    mark();
}
#elif DEED == 2
__attribute__((constructor(101))) static void very_early(void)
{
    mark();
}
#elif DEED == 3
__attribute__((destructor)) static void late(void)
{
    mark();
}
#elif DEED == 4
__attribute__((section(".init_array"), used)) static void (*const in_array)(void) = mark;
#elif DEED == 5
__attribute__((section(".preinit_array"), used)) static void (*const in_early_array)(void) = mark;
#elif DEED == 6
__attribute__((section(".fini_array"), used)) static void (*const in_late_array)(void) = mark;
#elif DEED == 7
void _init(void);
void _init(void)
{
    mark();
}
#elif DEED == 8
void _fini(void);
void _fini(void)
{
    mark();
}
#elif DEED == 9
static void (*resolver(void))(void)
{
    mark();
    return mark;
}
void indirect(void) __attribute__((ifunc("resolver")));
void (*volatile called)(void) = indirect;
#elif DEED == 10
static __thread int of_a_thread = 1;
__attribute__((used)) static int *where(void)
{
    return &of_a_thread;
}
#elif DEED == 11
/* A relocation that the linker doesn't make: the loader would call the address in its addend. */
__asm__(".pushsection .rela.dyn,\"a\",@progbits; .quad mark, 37, mark; .popsection");
#elif DEED == 12
/* Libc's own names, which a loader might take for everybody's. */
long write(int, const void *, unsigned long);
__attribute__((visibility("default"))) long write(int fd, const void *bytes, unsigned long count)
{
    (void)fd, (void)bytes;
    mark();
    return (long)count;
}
__attribute__((visibility("default"))) void *malloc(unsigned long bytes)
{
    (void)bytes;
    mark();
    return NULL;
}
__attribute__((visibility("default"))) void free(void *memory)
{
    (void)memory;
    mark();
}
__attribute__((visibility("default"))) int memfd_create(const char *name, unsigned flags)
{
    (void)name, (void)flags;
    mark();
    return -1;
}
__attribute__((visibility("default"))) void abort(void)
{
    mark();
    for (;;) {}
}
__attribute__((visibility("default"))) void __assert_fail(
    const char *a, const char *b, unsigned c, const char *d)
{
    (void)a, (void)b, (void)c, (void)d;
    mark();
    for (;;) {}
}
__attribute__((visibility("default"))) long runner_run(void)
{
    mark();
    return 0;
}
__attribute__((visibility("default"))) void vcpu_gate(void)
{
    mark();
}
#elif DEED == 13
/* Another object's notes: code that is to be writable, and a stack that is to be code. */
__asm__(".pushsection .both,\"awx\",@progbits; .globl in_both; in_both: .quad 0; .popsection\n"
        ".pushsection .note.GNU-stack,\"x\",@progbits; .popsection");
extern volatile long in_both;
__attribute__((used)) static void write_code(void)
{
    in_both = 1;
}
#elif DEED == 14
/* A symbol that only one object of a process may have. */
__asm__(".pushsection .data; .globl ballast_stop; .type ballast_stop, @gnu_unique_object; .size "
        "ballast_stop, 8; ballast_stop: .quad mark; .popsection");
#endif

static void noop(void) {}
const struct deed deeds[] = {{"noop", noop}, {NULL, NULL}};
