/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * toolstack: after each accepted xl mem-set and mem-max, do target, static-max and the hypervisor's
 * maximum agree as libxl promises? What is written past the toolstack is not judged.
 */
#include "sim/invariants/toolstack_agrees.h"
#include "sim/invariants/watched.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void toolstack_clear(struct watched *w)
{
    *w->toolstack = (struct watched_toolstack){0};
}

/* The first target is the one that its toolstack wrote when it built the domain, with the maximum set by then. */
void toolstack_target_written(struct watched *w, unsigned by, const char *value, uint64_t event)
{
    struct watched_toolstack *t = w->toolstack;

    assert(event > 0 && w->domain != NULL);
    if (!t->extra_known) {
        uint64_t kib = strtoull(value, NULL, 10),
                 maximum_kib = domain_maximum_pages(w->domain) * KIB_PER_PAGE;

        t->extra_known = true;
        t->extra_kib = maximum_kib > kib ? maximum_kib - kib : 0;
    }
    if (by == w->domid)
        t->past_event = event;
}

/* One word of the command; false at its end. */
static bool next_word(const char **at, char *word, size_t word_bytes)
{
    size_t used = 0;

    while (isspace((unsigned char)**at))
        (*at)++;
    for (; **at != '\0' && !isspace((unsigned char)**at); (*at)++)
        if (used + 1 < word_bytes)
            word[used++] = **at;
    word[used] = '\0';
    return used > 0;
}

/* As xl reads a size: one suffix letter, MiB without one. */
static bool size_kib(const char *text, uint64_t *kib)
{
    char *end;
    uint64_t number = strtoull(text, &end, 10);

    if (end == text || (*end != '\0' && end[1] != '\0'))
        return false;
    switch (tolower((unsigned char)*end)) {
    case 'b':
        *kib = number >> 10;
        return true;
    case 'k':
        *kib = number;
        return true;
    case '\0':
    case 'm':
        *kib = number << 10;
        return true;
    case 'g':
        *kib = number << 20;
        return true;
    case 't':
        *kib = number << 30;
        return true;
    default:
        return false;
    }
}

static bool node_kib(const struct invariants *inv, unsigned domid, const char *name, uint64_t *kib)
{
    char path[64];
    const char *value;

    snprintf(path, sizeof path, "/local/domain/%u/memory/%s", domid, name);
    value = machine_xenstore(inv->machine, path);
    if (value == NULL)
        return false;
    *kib = strtoull(value, NULL, 10);
    return true;
}

static void maximum_is(struct invariants *inv, struct watched *w, const char *command, uint64_t wanted_kib)
{
    uint64_t wanted = wanted_kib / KIB_PER_PAGE, seen = domain_maximum_pages(w->domain);

    if (seen != wanted)
        violate(inv, w, INVARIANT_TOOLSTACK, 1, 0, seen > wanted ? seen - wanted : wanted - seen,
            "after `%s` the hypervisor's maximum of %s is %" PRIu64 " pages; %" PRIu64
            " were promised (%" PRIu64 " KiB with what the toolstack adds)",
            command, domain_name(w->domain), seen, wanted, wanted_kib);
}

static void after_mem_set(struct invariants *inv, struct watched *w, const char *command)
{
    uint64_t target;

    if (node_kib(inv, w->domid, "target", &target))
        maximum_is(inv, w, command, target + w->toolstack->extra_kib);
}

static void after_mem_max(struct invariants *inv, struct watched *w, const char *command, uint64_t size)
{
    uint64_t static_max;

    if (node_kib(inv, w->domid, "static-max", &static_max) && static_max != size)
        violate(inv, w, INVARIANT_TOOLSTACK, 2, 0, static_max > size ? static_max - size : size - static_max,
            "after `%s` memory/static-max of %s is %" PRIu64 " KiB, not %" PRIu64, command,
            domain_name(w->domain), static_max, size);
    maximum_is(inv, w, command, size + w->toolstack->extra_kib);
}

/* A target that somebody wrote past the toolstack since its last command is nobody's promise. */
static void target_within(struct invariants *inv, struct watched *w, const char *command)
{
    uint64_t target, static_max;

    if (!node_kib(inv, w->domid, "target", &target) || !node_kib(inv, w->domid, "static-max", &static_max))
        return;
    if (target > static_max && w->toolstack->past_event == 0)
        violate(inv, w, INVARIANT_TOOLSTACK, 3, 0, target - static_max,
            "after `%s` memory/target of %s is %" PRIu64 " KiB, above its memory/static-max of %" PRIu64
            " KiB",
            command, domain_name(w->domain), target, static_max);
}

/* Somebody wrote a target with xenstore-write: it promises nothing. */
static void past_toolstack(struct invariants *inv, const char *command, uint64_t event)
{
    const char *path = strstr(command, "/local/domain/");
    struct watched *w;
    char *end;

    if (path == NULL)
        return;
    w = watched_find(inv, (unsigned)strtoul(path + strlen("/local/domain/"), &end, 10));
    if (w != NULL && strncmp(end, "/memory/target", 14) == 0)
        w->toolstack->past_event = event;
}

void toolstack_command(struct invariants *inv, const struct event *event)
{
    const struct record_value *status = event->payload;
    const char *command = (const char *)(status + 1), *at = command;
    char tool[24], verb[16], name[40], size[32];
    struct domain *d;
    struct watched *w;
    uint64_t kib;
    bool set, max;

    if (status->value != 0 || !next_word(&at, tool, sizeof tool) || !next_word(&at, verb, sizeof verb))
        return;
    if (strcmp(tool, "xenstore-write") == 0)
        past_toolstack(inv, command, event->number);
    if (strcmp(tool, "xl") != 0)
        return;
    set = strcmp(verb, "mem-set") == 0;
    max = strcmp(verb, "mem-max") == 0;
    if ((!set && !max) || !next_word(&at, name, sizeof name) || !next_word(&at, size, sizeof size) ||
        !size_kib(size, &kib))
        return;
    d = machine_domain(inv->machine, name);
    if (d == NULL && isdigit((unsigned char)name[0]))
        d = machine_domain_by_id(inv->machine, (unsigned)strtoul(name, NULL, 10));
    if (d == NULL || (w = watched_find(inv, domain_id(d))) == NULL)
        return;
    ask(inv, INVARIANT_TOOLSTACK);
    assert(w->domain == d);
    if (set) {
        w->toolstack->past_event = 0;
        after_mem_set(inv, w, command);
    } else {
        after_mem_max(inv, w, command, kib);
    }
    target_within(inv, w, command);
}
