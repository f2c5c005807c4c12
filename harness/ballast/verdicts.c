/* SPDX-License-Identifier: BSD-2-Clause */
/* Counts verdicts, and ranks them. */
#include "harness/ballast/verdicts.h"

#include <string.h>

const struct exit_code exit_codes[NR_EXIT_CODES] = {
    {VERDICT_PASS, "PASS"},
    {VERDICT_SKIP, "SKIP: a needed part is missing; the line says which"},
    {VERDICT_ERROR,
        "ERROR: the scenario, the command or the environment is wrong, or the output can't be written"},
    {VERDICT_FAIL, "FAIL: the code under test is wrong"},
    {VERDICT_CRASH, "CRASH: a guest died"},
    {VERDICT_TIMEOUT, "TIMEOUT"},
    {EXIT_NOT_COMPILED, "the guest's files don't compile or link, and nothing was run"},
    {VERDICT_CUT, "CUT: no verdict: --until or --stop-at-first ended it, and nothing had failed until then"},
};

size_t verdicts_name_bytes(const char *text)
{
    for (size_t c = 0; c < NR_EXIT_CODES; c++) {
        const char *name =
            exit_codes[c].code != EXIT_NOT_COMPILED ? verdict_name((enum verdict)exit_codes[c].code) : NULL;
        if (name != NULL && strncmp(text, name, strlen(name)) == 0)
            return strlen(name);
    }
    return 0;
}

void verdicts_add(struct verdict_counts *counts, enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_PASS:
        counts->pass++;
        break;
    case VERDICT_SKIP:
        counts->skip++;
        break;
    case VERDICT_ERROR:
        counts->error++;
        break;
    case VERDICT_FAIL:
        counts->fail++;
        break;
    case VERDICT_CRASH:
        counts->crash++;
        break;
    case VERDICT_TIMEOUT:
        counts->timeout++;
        break;
    case VERDICT_CUT:
        counts->cut++;
        break;
    }
}

enum verdict verdicts_worst(const struct verdict_counts *counts, bool strict)
{
    if (counts->timeout > 0)
        return VERDICT_TIMEOUT;
    if (counts->crash > 0)
        return VERDICT_CRASH;
    if (counts->fail > 0)
        return VERDICT_FAIL;
    if (counts->error > 0)
        return VERDICT_ERROR;
    if (counts->cut > 0)
        return VERDICT_CUT;
    if (counts->skip > 0 && (strict || counts->pass == 0))
        return VERDICT_SKIP;
    return VERDICT_PASS;
}

static bool is_judged(enum verdict verdict)
{
    return verdict == VERDICT_PASS || verdict == VERDICT_FAIL || verdict == VERDICT_CRASH;
}

bool verdicts_part(enum verdict a, enum verdict b)
{
    return is_judged(a) && is_judged(b) && (a == VERDICT_PASS) != (b == VERDICT_PASS);
}
