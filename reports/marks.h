/* SPDX-License-Identifier: BSD-2-Clause */
/* What a picture points at: the moments of a domain at which something was asked, refused, broken or died. */
#ifndef REPORTS_MARKS_H
#define REPORTS_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reports/reading.h"

/* From the least to the most important: of several in one column a picture shows the last. */
enum mark_kind { MARK_NONE, MARK_COMMAND, MARK_FAULT, MARK_BROKEN, MARK_DEATH, NR_MARK_KINDS };

struct mark {
    uint64_t event; /* of a broken invariant: what broke it, as far as that is known */
    uint64_t time_ns;
    enum mark_kind kind;
};

struct marks {
    struct mark *list; /* in the order of events */
    size_t count, room;
};

/* A character and a word for each kind: '$', "command". */
char mark_glyph(enum mark_kind);
const char *mark_word(enum mark_kind);
/* Those of one domain. A command of dom0 belongs to the domain that it names, and a broken invariant to the one that broke it;
 * a mark of the host belongs to all. False when memory is out. Free it in both cases. */
bool marks_read(struct marks *, const struct reading *, unsigned domid);
void marks_free(struct marks *);

#endif
