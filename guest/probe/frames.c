/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of frames, and lists of them. A name stays valid as long as the guest lives.
 */
#include "guest/probe/frames.h"
#include "guest/abi/paging.h"
#include "guest/lib/boot_block.h"
#include "guest/lib/string.h"

#define IMAGE_PFN  2u    /* a page of the boot image that is mapped in any guest, simulated or not */
#define NAMES_MAX  8192u /* a power of two */
#define NAME_BYTES 15u
#define NO_PFN     UINT64_MAX

struct frame_name {
    char name[NAME_BYTES + 1]; /* without $ and index; "" is a free entry */
    uint32_t index;
    bool set;
    uint64_t mfn, pfn;
};

static struct frame_name names[NAMES_MAX];
static uint32_t nr_names;
static uint64_t pages_taken; /* how many pages of the boot memory, from image_pages on, have names */

static struct frame_name *find(const char *name, size_t bytes, uint32_t index, const char **error)
{
    uint32_t hash = index * 2654435761u;

    for (size_t i = 0; i < bytes; i++)
        hash = (hash ^ (unsigned char)name[i]) * 16777619u;
    for (uint32_t slot = hash;; slot++) {
        struct frame_name *entry = &names[slot % NAMES_MAX];

        if (entry->name[0] == '\0') {
            if (nr_names == NAMES_MAX - 1) {
                *error = "too many names of frames";
                return NULL;
            }
            nr_names++;
            memcpy(entry->name, name, bytes);
            entry->index = index;
            entry->pfn = NO_PFN;
            return entry;
        }
        if (memcmp(entry->name, name, bytes) == 0 && entry->name[bytes] == '\0' && entry->index == index)
            return entry;
    }
}

/* Takes $name, $name[index] or $name[first..last] apart; without an index both are 0. */
static bool split(struct word word, struct word *name, uint64_t *first, uint64_t *last)
{
    size_t i = 1;
    struct word number;

    if (word.bytes < 2 || word.start[0] != '$')
        return false;
    while (i < word.bytes && word.start[i] != '[')
        i++;
    *name = (struct word){word.start + 1, i - 1};
    *first = *last = 0;
    if (i == word.bytes)
        return name->bytes >= 1 && name->bytes <= NAME_BYTES;
    number.start = word.start + i + 1;
    number.bytes = 0;
    while (number.start + number.bytes < word.start + word.bytes && number.start[number.bytes] != ']' &&
           number.start[number.bytes] != '.')
        number.bytes++;
    if (!word_number(number, first))
        return false;
    *last = *first;
    if (number.start[number.bytes] == '.') {
        number.start += number.bytes + 2;
        number.bytes = (size_t)(word.start + word.bytes - 1 - number.start);
        if (!word_number(number, last) || *last < *first)
            return false;
    }
    return name->bytes >= 1 && name->bytes <= NAME_BYTES && *last < NAMES_MAX;
}

struct frame_name *frame_named(struct word word, const char **error)
{
    struct word name;
    uint64_t first, last;

    if (!split(word, &name, &first, &last) || first != last) {
        *error = "a frame's name looks like $a or $a[3]";
        return NULL;
    }
    return find(name.start, name.bytes, (uint32_t)first, error);
}

uint64_t frame_mfn(struct frame_name *name)
{
    if (!name->set && boot_block->image_pages + pages_taken < boot_block->start_info->nr_pages) {
        name->pfn = boot_block->image_pages + pages_taken++;
        frame_set(name, boot_p2m()[name->pfn]);
    }
    return name->set ? name->mfn : UINT64_MAX;
}

void frame_set(struct frame_name *name, uint64_t mfn)
{
    name->mfn = mfn;
    name->set = true;
}

uint64_t frame_pfn(const struct frame_name *name)
{
    return name->pfn;
}

/* Cuts the offset off `$a+7`; without one it is 0. */
static bool split_offset(struct word *word, uint64_t *offset)
{
    *offset = 0;
    for (size_t i = 1; i < word->bytes; i++) {
        if (word->start[i] != '+')
            continue;
        struct word number = {word->start + i + 1, word->bytes - i - 1};
        word->bytes = i;
        return word_number(number, offset);
    }
    return true;
}

/*
 * Frames that every guest has: a page of its boot image, one of its page tables, and shared_info, which is
 * Xen's own.
 */
static bool well_known(struct word word, uint64_t *mfn)
{
    const start_info_t *info = boot_block->start_info;
    const uint64_t *p2m = boot_p2m();

    if (word_is(word, "image"))
        *mfn = p2m[IMAGE_PFN];
    else if (word_is(word, "tables"))
        *mfn = p2m[info->pt_base >> PAGE_SHIFT_BITS];
    else if (word_is(word, "shared_info"))
        *mfn = info->shared_info >> PAGE_SHIFT_BITS;
    else
        return false;
    return true;
}

bool frame_number(struct word word, uint64_t *mfn, const char **error)
{
    uint64_t offset;
    struct frame_name *name;

    if (word_number(word, mfn) || well_known(word, mfn))
        return true;
    if (!split_offset(&word, &offset)) {
        *error = "behind the + stands no number";
        return false;
    }
    name = frame_named(word, error);
    if (name != NULL)
        *mfn = frame_mfn(name) + offset;
    return name != NULL;
}

static bool append(struct list *list, uint64_t value, struct frame_name *name)
{
    if (list->count == LIST_ENTRIES_MAX)
        return false;
    list->value[list->count] = value;
    list->name[list->count++] = name;
    return true;
}

static bool append_names(struct words *words, struct word word, struct list *list, bool bind)
{
    struct word name;
    uint64_t first, last, offset;

    if (!split_offset(&word, &offset) || !split(word, &name, &first, &last)) {
        words->error = "a frame's name looks like $a, $a+2, $a[3] or $a[0..511]";
        return false;
    }
    for (uint64_t i = first; i <= last; i++) {
        struct frame_name *entry = find(name.start, name.bytes, (uint32_t)i, &words->error);

        if (entry == NULL || !append(list, (bind || entry->set ? frame_mfn(entry) : 0) + offset, entry))
            return false;
    }
    return true;
}

/* A range of plain numbers, as 0x400..0x4ff. */
static bool number_range(struct word word, uint64_t *first, uint64_t *last)
{
    for (size_t i = 1; i + 2 < word.bytes; i++)
        if (word.start[i] == '.' && word.start[i + 1] == '.')
            return word_number((struct word){word.start, i}, first) &&
                   word_number((struct word){word.start + i + 2, word.bytes - i - 2}, last) &&
                   *first <= *last;
    return false;
}

bool list_read(struct words *words, struct list *list, bool bind)
{
    struct word word;
    uint64_t number, last;

    list->count = 0;
    while (!word_is(word = words_next(words), "]")) {
        if (word.bytes == 0) {
            words->error = "the list has no ]";
            return false;
        }
        if (word_number(word, &number) || well_known(word, &number)) {
            if (!append(list, number, NULL))
                words->error = "the list is too long";
        } else if (number_range(word, &number, &last)) {
            for (; number <= last && words->error == NULL; number++)
                if (!append(list, number, NULL))
                    words->error = "the list is too long";
        } else {
            append_names(words, word, list, bind);
        }
        if (words->error != NULL)
            return false;
    }
    return true;
}
