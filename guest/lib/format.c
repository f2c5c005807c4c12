/* SPDX-License-Identifier: BSD-2-Clause */
/* Formats, one conversion after the other, into a buffer that may be too small. */
#include "guest/lib/format.h"
#include "guest/lib/pointer.h"
#include "guest/lib/string.h"

#include <stdbool.h>
#include <stdint.h>

struct sink {
    char *text;
    size_t room;  /* with the NUL */
    size_t bytes; /* the length of the whole text so far */
};

struct spec {
    bool left, zero, alternate;
    char sign;            /* '+', ' ' or 0 */
    int width, precision; /* precision -1: none given */
    int size;             /* bytes of the argument */
};

static void put(struct sink *sink, char c)
{
    if (sink->bytes + 1 < sink->room)
        sink->text[sink->bytes] = c;
    sink->bytes++;
}

static void put_bytes(struct sink *sink, const char *from, size_t bytes)
{
    if (sink->bytes + 1 < sink->room) {
        const size_t left = sink->room - 1 - sink->bytes;

        memcpy(sink->text + sink->bytes, from, bytes < left ? bytes : left);
    }
    sink->bytes += bytes;
}

static void put_many(struct sink *sink, char c, int count)
{
    while (count-- > 0)
        put(sink, c);
}

static void put_text(struct sink *sink, const struct spec *spec, const char *s)
{
    int bytes;

    if (s == NULL)
        s = "(null)";
    bytes = (int)strnlen(s, spec->precision >= 0 ? (size_t)spec->precision : 0x7fffffff);
    if (!spec->left)
        put_many(sink, ' ', spec->width - bytes);
    put_bytes(sink, s, (size_t)bytes);
    if (spec->left)
        put_many(sink, ' ', spec->width - bytes);
}

static void put_number(struct sink *sink, const struct spec *spec, uint64_t value, unsigned base,
    const char *digits, const char *prefix, char sign)
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

static const char *parse_size(const char *fmt, struct spec *spec)
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

static const char *parse_flags(const char *fmt, struct spec *spec)
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

static const char *parse_number(const char *fmt, int *value)
{
    for (*value = 0; *fmt >= '0' && *fmt <= '9'; fmt++)
        *value = *value * 10 + (*fmt - '0');
    return fmt;
}

static uint64_t narrow(uint64_t value, int size, bool is_signed)
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
static void put_integer(struct sink *sink, const struct spec *spec, char conversion, uint64_t raw)
{
    bool is_signed = conversion == 'd' || conversion == 'i';
    uint64_t value = narrow(raw, spec->size, is_signed);
    const char *digits = conversion == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    char sign = 0;
    unsigned base = 10;
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

/* A number, or the argument that `*` stands for. */
static const char *parse_star(const char *fmt, va_list *ap, int *value)
{
    if (*fmt != '*')
        return parse_number(fmt, value);
    *value = va_arg(*ap, int);
    return fmt + 1;
}

/* Reads what is between the % and the conversion's letter, and returns where the letter is. */
static const char *parse_spec(const char *fmt, va_list *ap, struct spec *spec)
{
    fmt = parse_star(parse_flags(fmt, spec), ap, &spec->width);
    if (spec->width < 0) {
        spec->left = true;
        spec->width = -spec->width;
    }
    if (*fmt == '.')
        fmt = parse_star(fmt + 1, ap, &spec->precision);
    return parse_size(fmt, spec);
}

static void put_conversion(struct sink *sink, struct spec *spec, char letter, va_list *ap)
{
    switch (letter) {
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
        put_integer(sink, spec, letter, spec->size == 8 ? va_arg(*ap, uint64_t) : va_arg(*ap, unsigned));
        break;
    case 'p':
        spec->alternate = true;
        spec->size = 8;
        put_integer(sink, spec, 'x', pointer_shown(va_arg(*ap, void *)));
        break;
    case 'c':
        put(sink, (char)va_arg(*ap, int));
        break;
    case 's':
        put_text(sink, spec, va_arg(*ap, const char *));
        break;
    default:
        put(sink, letter);
        break;
    }
}

size_t format_text(char *text, size_t room, const char *fmt, va_list ap_given)
{
    struct sink sink = {.text = text, .room = room, .bytes = 0};
    va_list ap;

    va_copy(ap, ap_given);
    while (*fmt != '\0') {
        struct spec spec = {.precision = -1};
        const char *plain = fmt;

        while (*fmt != '\0' && *fmt != '%')
            fmt++;
        if (fmt != plain) {
            put_bytes(&sink, plain, (size_t)(fmt - plain));
            continue;
        }
        fmt = parse_spec(fmt + 1, &ap, &spec);
        if (*fmt != '\0')
            put_conversion(&sink, &spec, *fmt++, &ap);
    }
    va_end(ap);
    if (room != 0)
        text[sink.bytes < room ? sink.bytes : room - 1] = '\0';
    return sink.bytes;
}
