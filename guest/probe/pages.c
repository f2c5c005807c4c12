/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commands about frames: map, unmap, write, read, touch, and looking one up in the M2P. Frames are mapped into the boot
 * block's window, one page each.
 */
#include "guest/abi/agent.h"
#include "guest/abi/paging.h"
#include "guest/abi/port.h"
#include "guest/lib/boot_block.h"
#include "guest/probe/commands.h"

#define SLOTS       64u
#define ENTRY_FLAGS (PTE_PRESENT | PTE_WRITABLE | PTE_ACCESSED | PTE_DIRTY)
#define NO_SLOT     (-28) /* -ENOSPC: as many frames are mapped as the window has slots */

static struct {
    uint64_t mfn;
    bool used;
} slots[SLOTS];

static char *slot_va(uint64_t slot)
{
    return boot_block->window + (slot << PAGE_SHIFT_BITS);
}

static long map_call(uint64_t mfn, uint64_t domid)
{
    for (uint64_t slot = 0; slot < SLOTS && slot < boot_block->window_pages; slot++) {
        if (slots[slot].used)
            continue;
        unsigned long entry = mfn << PAGE_SHIFT_BITS | ENTRY_FLAGS, va = (unsigned long)slot_va(slot);
        long result =
            domid == DOMID_SELF
                ? hypercall(__HYPERVISOR_update_va_mapping, va, entry, UVMF_INVLPG, 0)
                : hypercall(__HYPERVISOR_update_va_mapping_otherdomain, va, entry, UVMF_INVLPG, domid);
        if (result == 0) {
            slots[slot].used = true;
            slots[slot].mfn = mfn;
        }
        return result;
    }
    return NO_SLOT;
}

/* Finds where a frame is mapped; if it is mapped several times, the last place. */
static bool find_slot(uint64_t mfn, uint64_t *slot)
{
    for (*slot = SLOTS; (*slot)-- > 0;)
        if (slots[*slot].used && slots[*slot].mfn == mfn)
            return true;
    return false;
}

static int64_t mapped_command(struct word command, uint64_t slot, uint64_t number)
{
    unsigned long va = (unsigned long)slot_va(slot);
    long result;

    if (word_is(command, "write"))
        return debug_port(PORT_PAGE_WRITE, va, number, 0, 0);
    if (word_is(command, "read"))
        return debug_port(PORT_PAGE_READ, va, 0, 0, 0);
    result = hypercall(__HYPERVISOR_update_va_mapping, va, 0, UVMF_INVLPG, 0);
    slots[slot].used = result != 0;
    return result;
}

/*
 * `touch [$f[0..99]]` writes a number into each frame, one after the other; the result is how many took it.
 */
static int64_t touch_command(struct words *words)
{
    struct word open = words_next(words);
    int64_t touched = 0;
    uint64_t slot;

    if (!word_is(open, "[")) {
        words->error = "touch wants a list: touch [$f[0..99]]";
        return 0;
    }
    if (!list_read(words, &in_list, true))
        return 0;
    for (size_t i = 0; i < in_list.count; i++) {
        if (map_call(in_list.value[i], DOMID_SELF) != 0 || !find_slot(in_list.value[i], &slot))
            break;
        touched += mapped_command((struct word){"write", 5}, slot, i + 1) == 0;
        mapped_command((struct word){"unmap", 5}, slot, 0);
    }
    return touched;
}

/* `frame $a` gives the number of a frame; of a list of names it takes the first. */
bool pages_run(struct word command, struct words *words, int64_t *result)
{
    static const char *const commands[] = {
#define X(word) #word
        PROBE_PAGE_WORDS(X)
#undef X
    };
    uint64_t mfn = 0, slot, number = 0, domid = DOMID_SELF;
    struct word name, value, domain;
    size_t i = 0;
    bool if_mapped = false;

    if (word_is(command, "touch")) {
        *result = touch_command(words);
        return true;
    }
    while (i < sizeof commands / sizeof commands[0] && !word_is(command, commands[i]))
        i++;
    if (i == sizeof commands / sizeof commands[0])
        return false;
    name = words_next(words);
    value = words_next(words);
    if (!frame_number(name, &mfn, &words->error))
        return true;
    if (value.bytes > 0 && word_has_key(value, "domid", &domain)) {
        if (!word_number(domain, &domid))
            words->error = "that is no domid";
    } else if (word_is(value, "if-mapped")) {
        if_mapped = true;
    } else if (value.bytes > 0 && !word_number(value, &number)) {
        words->error = "that is no number";
    }
    if (words->error != NULL)
        return true;
    if (word_is(command, "frame"))
        *result = (int64_t)mfn;
    else if (word_is(command, "map"))
        *result = map_call(mfn, domid);
    else if (word_is(command, "m2p"))
        *result = mfn < boot_block->m2p_entries ? (int64_t)boot_block->m2p[mfn] : -1;
    else if (find_slot(mfn, &slot))
        *result = mapped_command(command, slot, number);
    else if (!if_mapped)
        words->error = "that frame is not mapped: map it first";
    return true;
}
