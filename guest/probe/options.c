/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of a hypercall, read from the command line. No hypercall is issued here. */
#include "guest/probe/options.h"
#include "guest/lib/format.h"
#include "guest/lib/string.h"

#include <xen/xen.h>

struct list in_list, out_list;

uint64_t option_or(uint64_t value, uint64_t otherwise)
{
    return value == NO_VALUE ? otherwise : value;
}

static bool read_place(struct word value, struct options *options)
{
    struct word count;

    if (word_is(value, "null"))
        options->place = LIST_NULL;
    else if (word_is(value, "bad"))
        options->place = LIST_BAD;
    else if (word_is(value, "readonly"))
        options->place = LIST_READONLY;
    else if (value.bytes > 5 && word_is((struct word){value.start, 5}, "edge:")) {
        count = (struct word){value.start + 5, value.bytes - 5};
        options->place = LIST_EDGE;
        return word_number(count, &options->edge) && options->edge < LIST_ENTRIES_MAX / 8;
    } else
        return false;
    return true;
}

/* pfn=$a names the boot page that $a has taken. */
static bool read_pfn(struct word value, uint64_t *pfn)
{
    const char *error = NULL;
    struct frame_name *name;

    if (value.bytes == 0 || value.start[0] != '$')
        return word_number(value, pfn);
    name = frame_named(value, &error);
    if (name == NULL)
        return false;
    frame_mfn(name);
    *pfn = frame_pfn(name);
    return true;
}

static bool read_number(struct word word, struct options *options)
{
    struct {
        const char *key;
        uint64_t *where;
    } numbers[] = {
        {"nr", &options->nr},
        {"order", &options->order},
        {"bits", &options->bits},
        {"flags", &options->flags},
        {"domid", &options->domid},
        {"start", &options->start},
        {"value", &options->value},
        {"order_out", &options->order_out},
        {"nr_out", &options->nr_out},
        {"kib", &options->kib},
        {"node", &options->node},
        {"done", &options->done},
        {"vcpus", &options->vcpus},
        {"step", &options->step},
        {"port", &options->port},
        {"remote", &options->remote},
        {"virq", &options->virq},
        {"vcpu", &options->vcpu},
        {"ms", &options->ms},
    };
    struct word value;

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (word_has_key(word, numbers[i].key, &value))
            return word_number(value, numbers[i].where);
    return false;
}

static bool read_option(struct word word, struct options *options)
{
    struct {
        const char *word;
        bool *where;
    } switches[] = {
        {"exact", &options->exact},
        {"pod", &options->pod},
        {"pvh", &options->pvh},
    };
    struct word value;

    for (size_t i = 0; i < sizeof switches / sizeof switches[0]; i++)
        if (word_is(word, switches[i].word))
            return *switches[i].where = true;
    if (word_has_key(word, "list", &value))
        return read_place(value, options);
    if (word_has_key(word, "arg", &value))
        return options->bad_argument = word_is(value, "bad");
    if (word_has_key(word, "version", &value))
        return options->bad_version = word_is(value, "bad");
    if (word_has_key(word, "pfn", &value))
        return read_pfn(value, &options->pfn);
    return read_number(word, options);
}

/* An option that a call would not look at is an error of whoever wrote it. */
static bool is_taken(const char *takes, struct word word)
{
    const char *end;
    size_t bytes = 0;

    while (bytes < word.bytes && word.start[bytes] != '=')
        bytes++;
    for (const char *key = takes; (end = strchr(key, ' ')) != NULL; key = end + 1)
        if ((size_t)(end - key) == bytes && memcmp(key, word.start, bytes) == 0)
            return true;
    return false;
}

static void refuse(struct words *words, const char *takes, struct word word)
{
    static char error[224];

    if (word_is(word, "["))
        snprintf(error, sizeof error, "this call takes no list; it takes %s", takes);
    else
        snprintf(error, sizeof error, "this call takes no `%.*s`; it takes %s",
            word.bytes > 40 ? 40 : (int)word.bytes, word.start, takes);
    words->error = error;
}

bool options_read(struct words *words, const char *takes, struct options *options, bool bind)
{
    struct word word;
    bool second = false;

    *options = (struct options){.nr = NO_VALUE,
        .domid = DOMID_SELF,
        .nr_out = NO_VALUE,
        .pfn = NO_VALUE,
        .node = NO_VALUE,
        .remote = DOMID_SELF};
    in_list.count = out_list.count = 0;
    while ((word = words_next(words)).bytes != 0) {
        if (word_is(word, "[")) {
            if (!list_read(words, second ? &out_list : &in_list, second ? false : bind))
                return false;
        } else if (word_is(word, "out")) {
            second = true;
        } else if (!read_option(word, options)) {
            words->error = "an option looks like nr=3, order=9, pfn=0x4000, list=null or arg=bad";
            return false;
        }
        if (!is_taken(takes, word)) {
            refuse(words, takes, word);
            return false;
        }
    }
    return true;
}
