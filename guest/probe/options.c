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

static bool read_place(struct word value, struct place *place)
{
    static const struct {
        const char *word;
        enum list_place what;
        uint64_t end; /* of the number behind a word that ends with a colon */
    } places[] = {{"null", LIST_NULL, 0}, {"bad", LIST_BAD, 0}, {"readonly", LIST_READONLY, 0},
        {"edge:", LIST_EDGE, LIST_ENTRIES_MAX / 8}, {"cross:", LIST_CROSS, LIST_ENTRIES_MAX / 8},
        {"at:", LIST_AT, 1}};

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const size_t bytes = strlen(places[i].word);

        if (value.bytes < bytes || !word_is((struct word){value.start, bytes}, places[i].word))
            continue;
        place->what = places[i].what;
        if (places[i].end == 0)
            return value.bytes == bytes;
        return word_number((struct word){value.start + bytes, value.bytes - bytes}, &place->number) &&
               (places[i].what == LIST_AT || place->number < places[i].end);
    }
    return false;
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
        {"skew", &options->skew},
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
        return read_place(value, &options->place);
    if (word_has_key(word, "out_list", &value))
        return read_place(value, &options->out_place);
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
        if (options->skew >= sizeof in_list.value[0]) {
            words->error = "skew= is 7 at most: an entry has 8 bytes";
            return false;
        }
    }
    return true;
}
