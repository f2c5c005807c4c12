/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions of string.h, for a kernel without a C library. They are short rather than fast. */
#include "guest/lib/string.h"

#include <stdbool.h>
#include <stdint.h>

/* Keeps the compiler from turning a loop into a call of memmove or strlen, which would call itself. */
#define BARRIER() __asm__ volatile("" ::: "memory")

void *memcpy(void *to, const void *from, size_t bytes)
{
    void *result = to;

    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
    return result;
}

void *memmove(void *to, const void *from, size_t bytes)
{
    unsigned char *t = to;
    const unsigned char *f = from;

    if ((uintptr_t)t - (uintptr_t)f >= bytes)
        return memcpy(to, from, bytes);
    while (bytes-- != 0) {
        t[bytes] = f[bytes];
        BARRIER();
    }
    return to;
}

void *memset(void *to, int value, size_t bytes)
{
    void *result = to;

    __asm__ volatile("rep stosb" : "+D"(to), "+c"(bytes) : "a"(value) : "memory");
    return result;
}

int memcmp(const void *a, const void *b, size_t bytes)
{
    const unsigned char *x = a, *y = b;

    for (; bytes != 0; bytes--, x++, y++) {
        if (*x != *y)
            return *x - *y;
    }
    return 0;
}

void *memchr(const void *in, int value, size_t bytes)
{
    const unsigned char *p = in;

    for (; bytes != 0; bytes--, p++) {
        if (*p == (unsigned char)value)
            return (char *)p;
    }
    return NULL;
}

size_t strlen(const char *s)
{
    const char *p = s;

    while (*p != '\0') {
        p++;
        BARRIER();
    }
    return (size_t)(p - s);
}

size_t strnlen(const char *s, size_t limit)
{
    size_t bytes = 0;

    while (bytes < limit && s[bytes] != '\0')
        bytes++;
    return bytes;
}

int strcmp(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b)
        a++, b++;
    return (unsigned char)*a - (unsigned char)*b;
}

int strncmp(const char *a, const char *b, size_t limit)
{
    for (; limit != 0; limit--, a++, b++) {
        if (*a != *b || *a == '\0')
            return (unsigned char)*a - (unsigned char)*b;
    }
    return 0;
}

char *strcpy(char *to, const char *from)
{
    memcpy(to, from, strlen(from) + 1);
    return to;
}

char *strncpy(char *to, const char *from, size_t room)
{
    size_t bytes = strnlen(from, room);

    memcpy(to, from, bytes);
    memset(to + bytes, 0, room - bytes);
    return to;
}

size_t strlcpy(char *to, const char *from, size_t room)
{
    size_t bytes = strlen(from);

    if (room != 0) {
        size_t kept = bytes < room ? bytes : room - 1;

        memcpy(to, from, kept);
        to[kept] = '\0';
    }
    return bytes;
}

size_t strlcat(char *to, const char *from, size_t room)
{
    size_t there = strnlen(to, room);

    if (there == room)
        return room + strlen(from);
    return there + strlcpy(to + there, from, room - there);
}

char *strchr(const char *s, int c)
{
    for (;; s++) {
        if (*s == (char)c)
            return (char *)s;
        if (*s == '\0')
            return NULL;
    }
}

char *strrchr(const char *s, int c)
{
    const char *last = NULL;

    for (;; s++) {
        if (*s == (char)c)
            last = s;
        if (*s == '\0')
            return (char *)last;
    }
}

char *strstr(const char *s, const char *what)
{
    size_t bytes = strlen(what);

    for (;; s++) {
        if (strncmp(s, what, bytes) == 0)
            return (char *)s;
        if (*s == '\0')
            return NULL;
    }
}

int string_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'Z')
        return c - 'A' + 10;
    return 99;
}

unsigned long long strtoull(const char *s, char **end, int base)
{
    unsigned long long value = 0;
    const char *begin = s, *digits;
    bool minus = false, over = false;

    while (*s == ' ' || (*s >= '\t' && *s <= '\r'))
        s++;
    if (*s == '-' || *s == '+')
        minus = *s++ == '-';
    if ((base == 0 || base == 16) && s[0] == '0' && (s[1] == 'x' || s[1] == 'X') && string_digit(s[2]) < 16) {
        s += 2;
        base = 16;
    } else if (base == 0)
        base = *s == '0' ? 8 : 10;
    for (digits = s; string_digit(*s) < base; s++) {
        over |= __builtin_mul_overflow(value, (unsigned)base, &value);
        over |= __builtin_add_overflow(value, (unsigned)string_digit(*s), &value);
    }
    if (end != NULL)
        *end = (char *)(s == digits ? begin : s);
    if (over)
        return ~0ull;
    return minus ? -value : value;
}

unsigned long strtoul(const char *s, char **end, int base)
{
    return strtoull(s, end, base);
}

long long strtoll(const char *s, char **end, int base)
{
    return (long long)strtoull(s, end, base);
}
