/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The console: printf(9), aprint(9), panic(9). A line leaves the guest when it
 * is complete, since drivers print one in several calls.
 */
#include "guest/netbsd/kern/console.h"

#include <sys/param.h>
#include <sys/device.h>

#include "guest/lib/debug_port.h"
#include "guest/lib/guards.h"
#include "guest/lib/format.h"
#include "guest/netbsd/kern/driver.h"
#include "guest/netbsd/kern/thread.h"

#define LINE_BYTES 512

static char line[LINE_BYTES];
static size_t line_bytes;
const char *panicstr;

void
console_flush(void)
{
	size_t bytes = line_bytes;

	if (bytes == 0)
		return;
	line_bytes = 0;
	(void)port_call(PORT_LOG, (unsigned long)line, bytes, 0, 0);
}

void
console_write(const char *text, size_t bytes)
{
	for (; bytes != 0; text++, bytes--) {
		if (*text == '\n') {
			console_flush();
			continue;
		}
		if (*text == '\r' || *text == '\0')
			continue;
		if (line_bytes == LINE_BYTES)
			console_flush();
		line[line_bytes++] = *text;
	}
}

/* Behind a whole line, so that no line is mixed with another thread's. */
static void
point_behind_line(bool by_driver)
{
	if (by_driver && line_bytes == 0)
		schedule_point_of_seed();
}

void
vprintf(const char *fmt, va_list ap)
{
	char text[LINE_BYTES];
	size_t bytes = format_text(text, sizeof(text), fmt, ap);

	console_write(text, MIN(bytes, sizeof(text) - 1));
}

void
printf(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	point_behind_line(BY_DRIVER());
}

#define PRINTER(name)                                                          \
	void name(const char *fmt, ...)                                        \
	{                                                                      \
		va_list ap;                                                    \
                                                                               \
		va_start(ap, fmt);                                             \
		vprintf(fmt, ap);                                              \
		va_end(ap);                                                    \
	}
PRINTER(printf_nolog)
PRINTER(printk)
PRINTER(aprint_normal)
PRINTER(aprint_error)

void
log(int level __unused, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
}

#define DEVICE_PRINTER(name, separator)                                        \
	void name(device_t dev, const char *fmt, ...)                          \
	{                                                                      \
		va_list ap;                                                    \
                                                                               \
		printf("%s%s", device_xname(dev), separator);                  \
		va_start(ap, fmt);                                             \
		vprintf(fmt, ap);                                              \
		va_end(ap);                                                    \
		point_behind_line(BY_DRIVER());                                \
	}
DEVICE_PRINTER(aprint_normal_dev, ": ")
DEVICE_PRINTER(aprint_error_dev, ": ")
DEVICE_PRINTER(device_printf, ": ")

/* A boot without -v, -x or -q prints nothing of these. */
#define SILENT(name)                                                           \
	void name(const char *fmt __unused, ...)                               \
	{                                                                      \
	}
#define SILENT_DEVICE(name)                                                    \
	void name(device_t dev __unused, const char *fmt __unused, ...)        \
	{                                                                      \
	}
SILENT(aprint_naive)
SILENT(aprint_verbose)
SILENT(aprint_debug)
SILENT_DEVICE(aprint_naive_dev)
SILENT_DEVICE(aprint_verbose_dev)
SILENT_DEVICE(aprint_debug_dev)

void
vpanic(const char *fmt, va_list ap)
{
	static char text[LINE_BYTES];
	size_t bytes;

	if (panicstr != NULL) {
		static const char again[] = "panic in a panic";

		(void)port_call(
		    PORT_PANIC, (unsigned long)again, sizeof(again) - 1, 0, 0);
	}
	panicstr = fmt;
	console_flush();
	guards_check(0);
	bytes = format_text(text, sizeof(text), fmt, ap);
	bytes = MIN(bytes, sizeof(text) - 1);
	while (bytes != 0 && text[bytes - 1] == '\n')
		bytes--;
	(void)port_call(PORT_PANIC, (unsigned long)text, bytes, 0, 0);
	for (;;)
		continue;
}

void
panic(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vpanic(fmt, ap);
	va_end(ap);
}

void
kern_assert(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vpanic(fmt, ap);
	va_end(ap);
}
