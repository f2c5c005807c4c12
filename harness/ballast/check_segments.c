/* SPDX-License-Identifier: BSD-2-Clause */
/* `ballast check-segments`: a segment file, ours or a user's, in every way of its small worlds. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/ballast/commands.h"
#include "harness/ballast/guest_options.h"
#include "harness/ballast/option_value.h"
#include "harness/ballast/segments.h"
#include "harness/ballast/stderr_line.h"
#include "harness/ballast/verdicts.h"
#include "reports/names.h"

#define JOBS_MAX 256

static void help(poptContext context)
{
    poptSetOtherOptionHelp(context, "[OPTION]...");
    poptPrintHelp(context, stdout, 0);
    printf("\nExit codes: 0 PASS, 4 ERROR (a file or the command is wrong), 5 FAIL, %d the file doesn't "
           "compile or "
           "link.\n",
        EXIT_NOT_COMPILED);
}

static int check(const struct guest_options *guest, const struct segments_request *request, bool strict)
{
    struct segments_results results;
    int code = VERDICT_ERROR;

    if (guest->recipe == NULL) {
        stderr_line("%s", guest->recipe_error);
        return VERDICT_ERROR;
    }
    code = segments_try(guest, request, &results);
    for (size_t r = 0; r < results.count; r++) {
        const struct segments_result *result = &results.list[r];
        const bool failed = result->verdict == VERDICT_FAIL || (strict && result->remarks);
        printf("%-7s segments %s\n%s", name_of_verdict(failed ? VERDICT_FAIL : VERDICT_PASS), result->name,
            result->text);
        if (failed && code == VERDICT_PASS)
            code = VERDICT_FAIL;
    }
    segments_results_free(&results);
    return code;
}

int command_check_segments(int count, const char **arguments)
{
    struct guest_options guest;
    char *jobs_text = NULL, *operations_text = NULL, *tests = NULL;
    int show_help = 0, strict = 0, code = VERDICT_ERROR;
    uint64_t jobs = 1, operations = SEGMENTS_OPERATIONS;
    char error[512] = "no memory";

    guest_options_begin(&guest);
    const struct poptOption own[] = {
        {"strict", 0, POPT_ARG_NONE, &strict, 0, "what only our own file keeps counts, too", NULL},
        {"operations", 0, POPT_ARG_STRING, &operations_text, 0,
            "try at most so many operations in each world", "N"},
        {"atf", 0, POPT_ARG_STRING, &tests, 0, "write a test in C for each broken rule that can be told so",
            "FOLDER"},
        {"jobs", 'j', POPT_ARG_STRING, &jobs_text, 0, "try so many worlds at a time (1)", "N"},
        {"help", 'h', POPT_ARG_NONE, &show_help, 0, "show this and stop", NULL},
        POPT_TABLEEND,
    };
    struct poptOption *table = guest_options_table(&guest, own);
    poptContext context =
        table != NULL ? poptGetContext("ballast check-segments", count, arguments, table, 0) : NULL;
    const int result = context != NULL ? poptGetNextOpt(context) : -1;
    const char **rest = context != NULL ? poptGetArgs(context) : NULL;

    assert(count >= 1);
    if (result < -1)
        option_refused(table, context, result, "ballast check-segments", error, sizeof error);
    else if (rest != NULL && rest[0] != NULL)
        snprintf(error, sizeof error, "check-segments takes options only, and no %s", rest[0]);
    else if (guest.guest != NULL)
        snprintf(error, sizeof error,
            "check-segments compiles the file itself, so its name is wanted and no --guest");
    else if (context != NULL && option_number("jobs", jobs_text, 1, JOBS_MAX, &jobs, error, sizeof error) &&
             option_number("operations", operations_text, 1, UINT64_MAX, &operations, error, sizeof error))
        error[0] = 0;
    if (error[0] != 0)
        stderr_line("%s", error);
    else if (show_help) {
        help(context);
        code = VERDICT_PASS;
    } else
        code = check(&guest,
            &(struct segments_request){
                .jobs = (unsigned)jobs, .operations = operations, .tests_folder = tests},
            strict != 0);
    poptFreeContext(context);
    free(table);
    free(jobs_text);
    free(operations_text);
    free(tests);
    guest_options_end(&guest);
    return code;
}
