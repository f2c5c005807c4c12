/* SPDX-License-Identifier: BSD-2-Clause */
/* Functions on strings that Linux has beyond those of guest/lib/string.h, and sscanf for what its drivers scan. */
#include <linux/ctype.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <linux/string_helpers.h>

#include "runtime.h"

unsigned long strtoul(const char *, char **end, int base);

size_t strcspn(const char *text, const char *reject)
{
	size_t n = 0;

	while (text[n] != '\0' && !strchr(reject, text[n]))
		n++;
	return n;
}

char *strchrnul(const char *text, int c)
{
	while (*text != '\0' && *text != (char)c)
		text++;
	return (char *)text;
}

char *strnchrnul(const char *text, size_t count, int c)
{
	while (count-- && *text != '\0' && *text != (char)c)
		text++;
	return (char *)text;
}

int strncasecmp(const char *a, const char *b, size_t count)
{
	for (; count != 0; count--, a++, b++) {
		const int difference = tolower(*a) - tolower(*b);

		if (difference != 0 || *a == '\0')
			return difference;
	}
	return 0;
}

#ifdef LINUX_SIZED_STRSCPY
#undef strscpy
#define strscpy sized_strscpy
#endif
ssize_t strscpy(char *to, const char *from, size_t room)
{
	const size_t bytes = strnlen(from, room);

	if (room == 0 || room > INT_MAX)
		return -E2BIG;
	memcpy(to, from, min(bytes, room - 1));
	to[min(bytes, room - 1)] = '\0';
	return bytes < room ? (ssize_t)bytes : -E2BIG;
}

char *skip_spaces(const char *text)
{
	while (isspace(*text))
		text++;
	return (char *)text;
}

/* Equal, but for a newline at one's end, as a shell's echo adds. */
bool sysfs_streq(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return *a == *b || (*a == '\0' && b[0] == '\n' && b[1] == '\0') ||
	       (*b == '\0' && a[0] == '\n' && a[1] == '\0');
}

int __sysfs_match_string(const char *const *array, size_t n, const char *text)
{
	for (size_t i = 0; i < n && array[i]; i++)
		if (sysfs_streq(array[i], text))
			return (int)i;
	return -EINVAL;
}

unsigned long long simple_strtoull(const char *text, char **end, unsigned int base)
{
	return strtoul(text, end, (int)base);
}

unsigned long simple_strtoul(const char *text, char **end, unsigned int base)
{
	return strtoul(text, end, (int)base);
}

long simple_strtol(const char *text, char **end, unsigned int base)
{
	return *text == '-' ? -(long)strtoul(text + 1, end, (int)base)
			    : (long)strtoul(text, end, (int)base);
}

int hex_to_bin(unsigned char c)
{
	return isdigit(c) ? c - '0' : isxdigit(c) ? tolower(c) - 'a' + 10 : -1;
}

/* One number of a format with %llu, %lu, %u, %d or %x, with what stands around it. */
int vsscanf(const char *text, const char *format, va_list arguments)
{
	int found = 0;

	for (; *format != '\0'; format++) {
		bool is_long = false;
		unsigned long value;
		char *end;

		if (*format != '%') {
			if (*text++ != *format)
				return found;
			continue;
		}
		for (format++; *format == 'l'; format++)
			is_long = true;
		if (!strchr("udxi", *format) || *format == '\0')
			panic("sscanf: a conversion that is not there: %s", format);
		text = skip_spaces(text);
		value = *text == '-' ? -strtoul(text + 1, &end, 10)
				     : strtoul(text, &end, *format == 'x' ? 16 : 10);
		if (end == text)
			return found;
		text = end;
		if (is_long)
			*va_arg(arguments, unsigned long *) = value;
		else
			*va_arg(arguments, unsigned int *) = (unsigned int)value;
		found++;
	}
	return found;
}

int sscanf(const char *text, const char *format, ...)
{
	va_list arguments;
	int found;

	va_start(arguments, format);
	found = vsscanf(text, format, arguments);
	va_end(arguments);
	return found;
}

unsigned long linux_hweight(unsigned long bits);
unsigned long linux_hweight(unsigned long bits)
{
	unsigned long count = 0;

	for (; bits != 0; bits &= bits - 1)
		count++;
	return count;
}
