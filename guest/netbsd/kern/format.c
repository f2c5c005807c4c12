/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * printf's formats, for a kernel: integers, strings, pointers. No floats.
 */
#include <sys/systm.h>

#include "guest/netbsd/kern/kern.h"
#include "guest/abi/boot.h"
#include <xen/xenpmap.h>

#define IMAGE_REACH                                                            \
	(16ul << 20) /* from here to its first and last byte, at most */

static const char in_image[1];

struct sink {
	char *text;
	size_t room;  /* with the NUL */
	size_t bytes; /* that the whole text has */
};

struct spec {
	bool left, zero, alternate;
	char sign;	      /* '+', ' ' or 0 */
	int width, precision; /* precision -1: none given */
	int size;	      /* bytes of the argument */
};

/*
 * Where the guest's memory lies differs from run to run, and what is printed
 * must not: pointers are shown as if each part lay where NetBSD has one.
 */
static uint64_t
shown_pointer(const void *pointer)
{
	const struct {
		uintptr_t start;
		uint64_t bytes, shown;
	} parts[] = {
	    {(uintptr_t)boot_block->heap, boot_block->heap_bytes,
		0xffffa00000000000},
	    {(uintptr_t)boot_block->stacks,
		boot_block->nr_stacks * boot_block->stack_stride_bytes,
		0xffffa80000000000},
	    {(uintptr_t)boot_block->window,
		boot_block->window_pages * PAGE_SIZE, 0xffffac0000000000},
	    {(uintptr_t)xpmap_phys_to_machine_mapping,
		boot_block->p2m_entries * sizeof(uint64_t), 0xffffffffa0000000},
	    {(uintptr_t)boot_block->m2p,
		boot_block->m2p_entries * sizeof(uint64_t), 0xffff800000000000},
	    /* last: the others may lie within its reach */
	    {(uintptr_t)in_image - IMAGE_REACH, 2 * IMAGE_REACH,
		0xffffffff80000000},
	};
	uintptr_t address = (uintptr_t)pointer;

	for (u_int i = 0; address >= PAGE_SIZE && i < __arraycount(parts);
	     i++) {
		uint64_t offset = address - parts[i].start;

		if (offset < parts[i].bytes)
			return parts[i].shown + offset;
	}
	return address;
}

static void
put(struct sink *sink, char c)
{
	if (sink->bytes + 1 < sink->room)
		sink->text[sink->bytes] = c;
	sink->bytes++;
}

static void
put_many(struct sink *sink, char c, int count)
{
	while (count-- > 0)
		put(sink, c);
}

static void
put_text(struct sink *sink, const struct spec *spec, const char *s)
{
	int bytes;

	if (s == NULL)
		s = "(null)";
	bytes = (int)strnlen(
	    s, spec->precision >= 0 ? (size_t)spec->precision : 0x7fffffff);
	if (!spec->left)
		put_many(sink, ' ', spec->width - bytes);
	for (int i = 0; i < bytes; i++)
		put(sink, s[i]);
	if (spec->left)
		put_many(sink, ' ', spec->width - bytes);
}

static void
put_number(struct sink *sink, const struct spec *spec, uint64_t value,
    u_int base, const char *digits, const char *prefix, char sign)
{
	char text[24];
	int bytes = 0, zeros, prefix_bytes = (int)strlen(prefix), pad;

	do {
		text[bytes++] = digits[value % base];
		value /= base;
	} while (value != 0);
	if (spec->precision == 0 && bytes == 1 && text[0] == '0')
		bytes = 0;
	zeros = spec->precision - bytes;
	if (spec->precision < 0 && spec->zero && !spec->left)
		zeros = spec->width - bytes - prefix_bytes - (sign != 0);
	if (zeros < 0)
		zeros = 0;
	pad = spec->width - bytes - zeros - prefix_bytes - (sign != 0);
	if (!spec->left)
		put_many(sink, ' ', pad);
	if (sign != 0)
		put(sink, sign);
	for (int i = 0; i < prefix_bytes; i++)
		put(sink, prefix[i]);
	put_many(sink, '0', zeros);
	while (bytes > 0)
		put(sink, text[--bytes]);
	if (spec->left)
		put_many(sink, ' ', pad);
}

static const char *
parse_size(const char *fmt, struct spec *spec)
{
	spec->size = sizeof(int);
	switch (*fmt) {
	case 'h':
		spec->size = fmt[1] == 'h' ? 1 : 2;
		return fmt + (fmt[1] == 'h' ? 2 : 1);
	case 'l':
		spec->size = 8;
		return fmt + (fmt[1] == 'l' ? 2 : 1);
	case 'q':
	case 'j':
	case 'z':
	case 't':
		spec->size = 8;
		return fmt + 1;
	default:
		return fmt;
	}
}

static const char *
parse_flags(const char *fmt, struct spec *spec)
{
	for (;; fmt++) {
		switch (*fmt) {
		case '-':
			spec->left = true;
			break;
		case '0':
			spec->zero = true;
			break;
		case '#':
			spec->alternate = true;
			break;
		case '+':
			spec->sign = '+';
			break;
		case ' ':
			if (spec->sign == 0)
				spec->sign = ' ';
			break;
		default:
			return fmt;
		}
	}
}

static const char *
parse_number(const char *fmt, int *value)
{
	for (*value = 0; *fmt >= '0' && *fmt <= '9'; fmt++)
		*value = *value * 10 + (*fmt - '0');
	return fmt;
}

static uint64_t
narrow(uint64_t value, int size, bool is_signed)
{
	switch (size) {
	case 1:
		return is_signed ? (uint64_t)(int8_t)value : (uint8_t)value;
	case 2:
		return is_signed ? (uint64_t)(int16_t)value : (uint16_t)value;
	case 4:
		return is_signed ? (uint64_t)(int32_t)value : (uint32_t)value;
	default:
		return value;
	}
}

/* One integer conversion: the character after % and what came before it. */
static void
put_integer(
    struct sink *sink, const struct spec *spec, char conversion, uint64_t raw)
{
	bool is_signed = conversion == 'd' || conversion == 'i';
	uint64_t value = narrow(raw, spec->size, is_signed);
	const char *digits =
	    conversion == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
	char sign = 0;
	u_int base = 10;
	const char *prefix = "";

	if (is_signed) {
		sign = spec->sign;
		if ((int64_t)value < 0) {
			sign = '-';
			value = -value;
		}
	} else if (conversion == 'o') {
		base = 8;
		prefix = spec->alternate ? "0" : "";
	} else if (conversion == 'x' || conversion == 'X') {
		base = 16;
		if (spec->alternate && value != 0)
			prefix = conversion == 'x' ? "0x" : "0X";
	}
	put_number(sink, spec, value, base, digits, prefix, sign);
}

/* Like vsnprintf: gives the bytes of the whole text, keeps what has room. */
size_t
format_text(char *text, size_t room, const char *fmt, va_list ap_given)
{
	struct sink sink = {.text = text, .room = room, .bytes = 0};
	va_list ap;

	va_copy(ap, ap_given);
	while (*fmt != '\0') {
		struct spec spec = {.precision = -1};
		char c = *fmt++;

		if (c != '%') {
			put(&sink, c);
			continue;
		}
		fmt = parse_flags(fmt, &spec);
		if (*fmt == '*') {
			spec.width = va_arg(ap, int);
			if (spec.width < 0) {
				spec.left = true;
				spec.width = -spec.width;
			}
			fmt++;
		} else
			fmt = parse_number(fmt, &spec.width);
		if (*fmt == '.') {
			fmt++;
			if (*fmt == '*') {
				spec.precision = va_arg(ap, int);
				fmt++;
			} else
				fmt = parse_number(fmt, &spec.precision);
		}
		fmt = parse_size(fmt, &spec);
		switch (c = *fmt) {
		case '\0':
			continue;
		case 'd':
		case 'i':
		case 'u':
		case 'o':
		case 'x':
		case 'X':
			put_integer(&sink, &spec, c,
			    spec.size == 8 ? va_arg(ap, uint64_t)
					   : va_arg(ap, u_int));
			break;
		case 'p':
			spec.alternate = true;
			spec.size = 8;
			put_integer(&sink, &spec, 'x',
			    shown_pointer(va_arg(ap, void *)));
			break;
		case 'c':
			put(&sink, (char)va_arg(ap, int));
			break;
		case 's':
			put_text(&sink, &spec, va_arg(ap, const char *));
			break;
		default:
			put(&sink, c);
			break;
		}
		fmt++;
	}
	va_end(ap);
	if (room != 0)
		text[MIN(sink.bytes, room - 1)] = '\0';
	return sink.bytes;
}

int
vsnprintf(char *text, size_t room, const char *fmt, va_list ap)
{
	return (int)format_text(text, room, fmt, ap);
}

int
snprintf(char *text, size_t room, const char *fmt, ...)
{
	va_list ap;
	int bytes;

	va_start(ap, fmt);
	bytes = (int)format_text(text, room, fmt, ap);
	va_end(ap);
	return bytes;
}
