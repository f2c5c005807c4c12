/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzes the scenario parser. It must read the input or complain about it, neither crash nor leak, and its complaint
 * must point into the text.
 */
#include "harness/image/kernels.h"
#include "harness/language/scenario.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct kernels kernels = {.describe = kernel_describe};

/* An assertion that also holds in builds without assert(). */
static void must(bool truth)
{
    if (!truth)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct complaint complaint;
    char small[40], large[2000];
    char *text = malloc(size + 1);
    struct scenario *s;

    must(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    /* Every second input meets a parser that knows no kernel, as where the guests aren't built. */
    s = scenario_parse("fuzz.scn", text, size, size % 2 == 0 ? &kernels : NULL, &complaint);
    if (s == NULL) {
        size_t bytes = complaint_text("fuzz.scn", text, &complaint, large, sizeof large);
        must(bytes < sizeof large && strlen(large) == bytes);
        must(complaint_text("fuzz.scn", text, &complaint, small, sizeof small) == bytes);
        must(complaint.message[0] != '\0');
        must(size > SCENARIO_BYTES_MAX || (complaint.where.line > 0 && complaint.where.column > 0));
        must(complaint.where.column <= size + 1 && complaint.where.length <= size + 1);
    } else {
        must(s->text_bytes >= size &&
             memcmp(s->text, text, size) == 0); /* what it includes stands behind it */
        must(s->nr_domains <= DOMAINS_MAX);
        must(s->nr_domains > 0 || s->nr_statements > 0 || s->host.has_dom0);
    }
    scenario_free(s);
    free(text);
    return 0;
}
