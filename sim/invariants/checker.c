/* SPDX-License-Identifier: BSD-2-Clause */
/* How a broken invariant is written down. It judges nothing. */
#include "sim/invariants/checker.h"
#include "sim/array.h"
#include "sim/invariants/names.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TEXT_BYTES 512

/* Who broke it, with its counts; NULL: there is no memory for one more. w NULL: the host. */
static struct breaker *breaker_of(struct invariants *inv, const struct watched *w)
{
    const char *name = w != NULL && w->domain != NULL ? domain_name(w->domain) : "";
    size_t i = 0;

    while (i < inv->nr_breakers && strcmp(inv->breakers[i].domain, name) != 0)
        i++;
    if (i == inv->nr_breakers) {
        if (!ARRAY_ONE_MORE(inv->breakers, inv->breakers_room, inv->nr_breakers))
            return NULL;
        inv->breakers[inv->nr_breakers++] = (struct breaker){0};
        snprintf(inv->breakers[i].domain, sizeof inv->breakers[i].domain, "%s", name);
    }
    inv->breakers[i].domid = *name != 0 ? w->domid : DOMID_HOST;
    return &inv->breakers[i];
}

static void count_breach(
    struct invariants *inv, const struct watched *w, enum invariant which, bool by_intent)
{
    struct breaker *breaker = breaker_of(inv, w);

    inv->broken[which]++;
    inv->by_intent[which] += by_intent;
    if (breaker == NULL) {
        inv->without_memory = true;
        return;
    }
    breaker->broken[which]++;
    breaker->by_intent[which] += by_intent;
}

static bool violation_is_new(struct watched *w, enum invariant which, uint64_t key)
{
    unsigned known = w->reported[which];

    assert(known <= REPORTED_MAX);
    for (unsigned i = 0; i < known; i++)
        if (w->reported_key[which][i] == key)
            return false;
    if (known == REPORTED_MAX)
        return false;
    w->reported_key[which][known] = key;
    w->reported[which] = (uint8_t)(known + 1);
    return true;
}

void violate(struct invariants *inv, struct watched *w, enum invariant which, uint64_t key,
    uint64_t cause_event, uint64_t count, const char *format, ...)
{
    struct record_violation violation = {.invariant = which, .cause_event = cause_event, .count = count};
    char text[TEXT_BYTES];
    va_list arguments;
    unsigned domid;
    bool by_intent;
    int bytes;

    assert((unsigned)which < NR_INVARIANTS && format != NULL);
    by_intent = w != NULL && w->domain != NULL &&
                kernel_waives(domain_description(w->domain), invariant_name(which)) != NULL;
    count_breach(inv, w, which, by_intent);
    if (w == NULL)
        w = inv->watched[HOST_SLOT];
    if (!violation_is_new(w, which, key)) {
        recorder_forget_place(inv->recorder); /* it was meant for this violation */
        return;
    }
    va_start(arguments, format);
    bytes = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    assert(bytes > 0);
    if ((size_t)bytes >= sizeof text)
        bytes = (int)sizeof text - 1;
    domid = w->domid == HOST_SLOT ? DOMID_HOST : w->domid;
    recorder_append(inv->recorder, REC_VIOLATION, domid, machine_now_ns(inv->machine), &violation,
        sizeof violation, text, 1, (size_t)bytes + 1);
    if (inv->stop_at_first && !by_intent)
        machine_stop(inv->machine);
}
