/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frame numbers in the commands and answers of a probe that runs on the real Xen: the probe knows Xen's numbers,
 * scenarios and recordings the model's. One that Xen translates for knows gfns, which are the same on both.
 */
#include "sim/real_xen.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/domain/domain.h"
#include "sim/machine_state.h"

bool domain_on_real_xen(const struct domain *d)
{
    return space_on_real_xen(&d->space);
}

size_t real_xen_command(const struct domain *d, char *command, char *to, size_t to_bytes)
{
    const struct real_xen_ops *real_xen = d->machine->real_xen;
    char *plain = command;
    size_t bytes = 0;
    assert(domain_on_real_xen(d) && to_bytes > 0);
    for (char *at = command; *at != '\0' && bytes + 1u < to_bytes;) {
        if (*at != REAL_XEN_FRAME_MARK) {
            to[bytes++] = *plain++ = *at++;
            continue;
        }
        char *end;
        uint64_t mfn = strtoull(at + 1, &end, 10);
        const uint64_t number = d->physmap != NULL ? mfn : real_xen->xen_mfn(real_xen->context, mfn);
        int written = snprintf(to + bytes, to_bytes - bytes, "%" PRIu64, number);
        for (at++; at < end; at++)
            *plain++ = *at;
        if (written < 0 || (size_t)written >= to_bytes - bytes)
            break; /* half a number would be another one */
        bytes += (size_t)written;
    }
    *plain = '\0';
    assert(bytes < to_bytes);
    return bytes;
}

size_t real_xen_reply(const struct domain *d, char *output, size_t room_bytes)
{
    static const char question[] = "frame ";
    const struct real_xen_ops *real_xen = d->machine->real_xen;
    char *end;
    assert(domain_on_real_xen(d));
    uint64_t mfn = strtoull(output, &end, 10);
    if (d->physmap != NULL || strncmp(d->command, question, sizeof question - 1u) != 0 || end == output ||
        *end != '\0')
        return strlen(output);
    int written = snprintf(output, room_bytes, "%" PRIu64, real_xen->model_mfn(real_xen->context, mfn));
    assert(written > 0 && (size_t)written < room_bytes);
    return (size_t)written;
}
