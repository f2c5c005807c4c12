/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the environment and asks the terminal. The program's own locale stays "C": nothing but pictures depends on it.
 */
#include "harness/ballast/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define COLUMNS_LEAST 40u
#define COLUMNS_MOST  400u

static unsigned within(unsigned long columns)
{
    return columns < COLUMNS_LEAST  ? COLUMNS_LEAST
           : columns > COLUMNS_MOST ? COLUMNS_MOST
                                    : (unsigned)columns;
}

static unsigned columns_of(FILE *out)
{
    const char *said = getenv("COLUMNS");
    struct winsize size;
    char *end;

    if (said != NULL && *said >= '1' && *said <= '9') {
        const unsigned long columns = strtoul(said, &end, 10);
        if (*end == '\0')
            return within(columns);
    }
    if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return within(size.ws_col);
    return TERMINAL_COLUMNS_DEFAULT;
}

/* The first of them that is set decides. Where none is, as in many CI jobs, nobody said that UTF-8 can't be read. */
static bool wants_ascii(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *locale = NULL;

    for (size_t n = 0; n < sizeof names / sizeof names[0] && (locale == NULL || *locale == '\0'); n++)
        locale = getenv(names[n]);
    return locale != NULL && *locale != '\0' && strcasestr(locale, "UTF-8") == NULL &&
           strcasestr(locale, "utf8") == NULL;
}

struct terminal terminal_of(FILE *out)
{
    return (struct terminal){.columns = columns_of(out), .ascii = wants_ascii()};
}
