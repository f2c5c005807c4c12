/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of options: numbers within bounds, and sentences for popt's errors. It prints nothing. */
#include "harness/ballast/option_value.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/language/suggest.h"

bool option_number(const char *option, const char *text, uint64_t least, uint64_t most, uint64_t *number,
    char *error, size_t error_bytes)
{
    char *end;

    assert(option != NULL && number != NULL && least <= most);
    if (text == NULL)
        return true;
    errno = 0;
    const uint64_t read = strtoull(text, &end, 10);
    /* The first character must be a digit, for strtoull would take a blank or a sign. */
    if (*text >= '0' && *text <= '9' && *end == 0 && errno == 0 && read >= least && read <= most) {
        *number = read;
        return true;
    }
    if (most == UINT64_MAX && errno != ERANGE)
        snprintf(error, error_bytes, "--%s %s: a number from %" PRIu64 " up is wanted", option, text, least);
    else
        snprintf(error, error_bytes, "--%s %s: a number from %" PRIu64 " to %" PRIu64 " is wanted", option,
            text, least, most);
    return false;
}

static const struct poptOption *find(const struct poptOption *table, const char *word, size_t bytes)
{
    for (const struct poptOption *o = table; o->longName != NULL; o++)
        if ((strlen(o->longName) == bytes && strncmp(o->longName, word, bytes) == 0) ||
            (bytes == 1 && o->shortName == *word))
            return o;
    return NULL;
}

void option_refused(const struct poptOption *table, poptContext context, int result, const char *command,
    char *error, size_t error_bytes)
{
    const char *option = poptBadOption(context, POPT_BADOPTION_NOALIAS);
    const char *word = option + strspn(option, "-");
    const size_t bytes = strcspn(word, "=");
    const struct poptOption *known = find(table, word, bytes);
    struct suggestion suggestion;

    assert(result < -1);
    if (result == POPT_ERROR_NOARG && known != NULL && known->argDescrip != NULL) {
        snprintf(error, error_bytes, "--%s wants a value, %s: %s", known->longName, known->argDescrip,
            known->descrip);
        return;
    }
    if (result != POPT_ERROR_BADOPT) {
        snprintf(error, error_bytes, "%s: %s; `%s --help` shows what each option wants", option,
            poptStrerror(result), command);
        return;
    }
    suggest_begin(&suggestion, word, bytes);
    for (const struct poptOption *o = table; o->longName != NULL; o++)
        suggest_offer(&suggestion, o->longName);
    if (suggestion.best != NULL)
        snprintf(error, error_bytes, "unknown option %s; did you mean --%s?", option, suggestion.best);
    else
        snprintf(error, error_bytes, "unknown option %s; `%s --help` lists them", option, command);
}
