/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * printk, panic, BUG and WARN, and the texts of printf formats with Linux's own conversions (%pR, %pV, %pe). A line leaves the
 * guest when it is complete.
 */
#include <linux/bug.h>
#include <linux/device.h>
#include <linux/ioport.h>
#include <linux/kern_levels.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/tracepoint-defs.h>

/* The names of allocation flags are wanted, and not what tracing tells a debugger of enumerations. */
#undef TRACE_DEFINE_ENUM
#define TRACE_DEFINE_ENUM(name)
#include <trace/events/mmflags.h>

#include "bridge.h"
#include "runtime.h"

#define LINE_BYTES 512

struct text {
	char *at;
	size_t room, bytes;
};

static void __printf(2, 0) put_va(struct text *text, const char *format, va_list arguments)
{
	text->bytes += bridge_format(text->bytes < text->room ? text->at + text->bytes : NULL,
				     text->bytes < text->room ? text->room - text->bytes : 0,
				     format, arguments);
}

static void put(struct text *text, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	put_va(text, format, arguments);
	va_end(arguments);
}

static const struct {
	unsigned long flags;
	const char *name;
} allocation_flags[] = {__def_gfpflag_names};

/* By their names, those of several flags first, and what has none as a number. */
static void put_allocation_flags(struct text *text, unsigned long left)
{
	const char *between = "";

	for (size_t n = 0; n < ARRAY_SIZE(allocation_flags); n++) {
		const unsigned long flags = allocation_flags[n].flags;

		if (flags == 0 || (left & flags) != flags)
			continue;
		put(text, "%s%s", between, allocation_flags[n].name);
		between = "|";
		left &= ~flags;
	}
	if (left != 0 || *between == '\0')
		put(text, "%s%#lx", between, left);
}

/* The numbers of the bits that are set. */
static void put_bits(struct text *text, const unsigned long *bits, unsigned long nr_bits)
{
	const char *between = "";

	if (!bits)
		put(text, "(null)");
	for (unsigned long n = 0; bits && n < nr_bits; n++) {
		if (!test_bit(n, bits))
			continue;
		put(text, "%s%lu", between, n);
		between = ",";
	}
}

/* %p and letters behind it; width: the number before it. Returns how many letters belong to it. */
static size_t put_pointer(struct text *text, const char *letters, unsigned long width,
			  const void *pointer)
{
	const struct resource *res = pointer;
	const struct va_format *inner = pointer;
	va_list copy;

	switch (letters[0]) {
	case 'R':
	case 'r':
		put(text, "[mem %#010llx-%#010llx]", res->start, res->end);
		return 1;
	case 'G':
		if (letters[1] != 'g')
			panic("printf: flags of the kind %c", letters[1]);
		put_allocation_flags(text, *(const gfp_t *)pointer);
		return 2;
	case 'b':
		put_bits(text, pointer, width);
		return letters[1] == 'l' ? 2 : 1;
	case 'V':
		va_copy(copy, *inner->va);
		text->bytes += vsnprintf(text->bytes < text->room ? text->at + text->bytes : NULL,
					 text->bytes < text->room ? text->room - text->bytes : 0,
					 inner->fmt, copy);
		va_end(copy);
		return 1;
	case 'e':
		put(text, "%ld", PTR_ERR(pointer));
		return 1;
	case 'S':
	case 's':
	case 'B':
		put(text, "(code)");
		return 1;
	default:
		put(text, "%p", pointer);
		return 0;
	}
}

/* Copies what is between the % and its letter, with numbers for stars. Returns where the letter is. */
static const char *copy_spec(const char *format, char *spec, size_t room, va_list *arguments,
			     bool *wide)
{
	size_t m = 0;

	spec[m++] = '%';
	for (*wide = false; *format != '\0' && strchr("-+ #0123456789.*hlLqjzt", *format);
	     format++) {
		if (m > room - 16)
			panic("printf: a conversion that is too long");
		*wide |= strchr("lLqjzt", *format) != NULL;
		if (*format == '*') {
			struct text number = {.at = spec, .room = room, .bytes = m};

			put(&number, "%d", va_arg(*arguments, int));
			m = number.bytes;
		} else if (!strchr("lLqjzt", *format)) {
			spec[m++] = *format;
		}
	}
	if (*wide)
		spec[m++] = 'l';
	spec[m++] = *format;
	spec[m] = '\0';
	return format;
}

/* A number. Linux prints 0x before a zero, too, where C does not. */
static void put_number(struct text *text, const char *spec, unsigned long value)
{
	const char *sharp = strchr(spec, '#');

	if (value == 0 && sharp && strchr(spec, 'x'))
		put(text, "0x%0*lx", (int)simple_strtoul(sharp + 1, NULL, 10) - 2, 0ul);
	else
		put(text, spec, value);
}

int vsnprintf(char *at, size_t room, const char *format, va_list given)
{
	struct text text = {.at = at, .room = room};
	va_list arguments;

	va_copy(arguments, given);
	while (*format != '\0') {
		const size_t plain = strcspn(format, "%");
		char spec[48];
		bool wide;

		put(&text, "%.*s", (int)plain, format);
		format += plain;
		if (*format == '\0')
			break;
		format = copy_spec(format + 1, spec, sizeof(spec), &arguments, &wide);
		if (*format == 'p')
			format += put_pointer(&text, format + 1, simple_strtoul(spec + 1, NULL, 10),
					      va_arg(arguments, void *));
		else if (*format == 's')
			put(&text, spec, va_arg(arguments, const char *));
		else if (*format == '%')
			put(&text, "%s", "%");
		else if (wide)
			put_number(&text, spec, va_arg(arguments, unsigned long));
		else
			put_number(&text, spec, va_arg(arguments, unsigned int));
		if (*format != '\0')
			format++;
	}
	va_end(arguments);
	if (room != 0)
		at[text.bytes < room ? text.bytes : room - 1] = '\0';
	return (int)text.bytes;
}

int vscnprintf(char *at, size_t room, const char *format, va_list arguments)
{
	int bytes = vsnprintf(at, room, format, arguments);

	return room == 0 ? 0 : min_t(int, bytes, room - 1);
}

#define TEXT_FUNCTION(name, parameters, at, room, call)                                            \
	int name parameters                                                                        \
	{                                                                                          \
		va_list arguments;                                                                 \
		int bytes;                                                                         \
                                                                                                   \
		va_start(arguments, format);                                                       \
		bytes = call(at, room, format, arguments);                                         \
		va_end(arguments);                                                                 \
		return bytes;                                                                      \
	}
TEXT_FUNCTION(snprintf, (char *at, size_t room, const char *format, ...), at, room, vsnprintf)
TEXT_FUNCTION(scnprintf, (char *at, size_t room, const char *format, ...), at, room, vscnprintf)
TEXT_FUNCTION(sprintf, (char *at, const char *format, ...), at, PAGE_SIZE, vsnprintf)
TEXT_FUNCTION(sysfs_emit, (char *at, const char *format, ...), at, PAGE_SIZE, vscnprintf)
TEXT_FUNCTION(sysfs_emit_at, (char *at, int from, const char *format, ...), at + from,
	      PAGE_SIZE - from, vscnprintf)

char *kvasprintf(gfp_t flags, const char *format, va_list arguments)
{
	va_list copy;
	int bytes;
	char *at;

	va_copy(copy, arguments);
	bytes = vsnprintf(NULL, 0, format, copy);
	va_end(copy);
	at = kmalloc(bytes + 1, flags);
	if (at)
		vsnprintf(at, bytes + 1, format, arguments);
	return at;
}

char *kasprintf(gfp_t flags, const char *format, ...)
{
	va_list arguments;
	char *at;

	va_start(arguments, format);
	at = kvasprintf(flags, format, arguments);
	va_end(arguments);
	return at;
}

/* --- the console --- */

static char line[LINE_BYTES];
static size_t line_bytes;

static void console_flush(void)
{
	const size_t bytes = line_bytes;

	line_bytes = 0;
	if (bytes != 0)
		bridge_log(line, bytes);
}

static void console_write(const char *text)
{
	if (text[0] == KERN_SOH_ASCII && text[1] != '\0') {
		if (text[1] != 'c')
			console_flush();
		text += 2;
	}
	for (; *text != '\0'; text++) {
		if (*text == '\n' || line_bytes == LINE_BYTES)
			console_flush();
		if (*text != '\n')
			line[line_bytes++] = *text;
	}
}

int _printk(const char *format, ...)
{
	char text[LINE_BYTES];
	va_list arguments;
	int bytes;

	va_start(arguments, format);
	bytes = vscnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	console_write(text);
	return bytes;
}

/* A line of the log. */
static void say(const char *format, va_list arguments)
{
	char text[LINE_BYTES];

	vscnprintf(text, sizeof(text), format, arguments);
	_printk("%s", text);
}

void _dev_err(const struct device *dev, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
}

void panic(const char *format, ...)
{
	char text[LINE_BYTES];
	va_list arguments;

	console_flush();
	va_start(arguments, format);
	vscnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	bridge_die(text, strcspn(text, "\n"));
}

void bug_here(const char *file, int line_number)
{
	panic("kernel BUG at %s:%d!", file, line_number);
}

void __warn_printk(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
}

void warn_here(const char *file, const char *function, unsigned int flags)
{
	_printk("WARNING: %s, %s()\n", file, function);
}

void refcount_warn_saturate(refcount_t *count, enum refcount_saturation_type type)
{
	panic("a reference count is wrong (%d)", type);
}

#ifdef LINUX_RATELIMIT_LEFT
static void ratelimit_refill(struct ratelimit_state *state)
{
	atomic_set(&state->rs_n_left, state->burst);
}

static int ratelimit_take(struct ratelimit_state *state)
{
	return atomic_dec_if_positive(&state->rs_n_left) >= 0;
}
#else
static void ratelimit_refill(struct ratelimit_state *state)
{
	state->printed = 0;
}

static int ratelimit_take(struct ratelimit_state *state)
{
	if (state->printed >= state->burst)
		return 0;
	state->printed++;
	return 1;
}
#endif

/* So many lines of a place in so many jiffies, as lib/ratelimit.c has it; what it says of those that it left out is left out. */
int ___ratelimit(struct ratelimit_state *state, const char *function)
{
	if (state->interval == 0)
		return 1;
	clock_follow();
	if (state->begin == 0 || time_is_before_jiffies(state->begin + state->interval)) {
		state->begin = jiffies;
		ratelimit_refill(state);
	}
	return ratelimit_take(state);
}
