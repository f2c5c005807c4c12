/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The C library's functions on memory, strings and numbers, as the standard and the BSDs define them. A kernel
 * that brings its own does not link string.o. Compilers call the first four by themselves.
 */
#ifndef GUEST_LIB_STRING_H
#define GUEST_LIB_STRING_H

#include <stddef.h>

void *memcpy(void *to, const void *from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int value, size_t bytes);
int memcmp(const void *a, const void *b, size_t bytes);
void *memchr(const void *in, int value, size_t bytes);
size_t strlen(const char *);
size_t strnlen(const char *, size_t limit);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t limit);
char *strcpy(char *to, const char *from);
char *strncpy(char *to, const char *from, size_t room);
size_t strlcpy(char *to, const char *from, size_t room);
size_t strlcat(char *to, const char *from, size_t room);
char *strchr(const char *, int);
char *strrchr(const char *, int);
char *strstr(const char *, const char *what);
/* The value of a digit, or of a letter as the digit of a base above 10; 99: it is neither. */
int string_digit(char);

/* A number that is too big for 64 bits becomes the biggest one. */
unsigned long strtoul(const char *, char **end, int base);
unsigned long long strtoull(const char *, char **end, int base);
long long strtoll(const char *, char **end, int base);

#endif
