/* SPDX-License-Identifier: BSD-2-Clause */
/* `ballast build`: guests out of a user's files, or ours, into a folder that `ballast replay --guest` takes. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/ballast/commands.h"
#include "harness/ballast/guest_options.h"
#include "harness/ballast/option_value.h"
#include "harness/ballast/stderr_line.h"
#include "harness/image/kernels.h"
#include "harness/run/runner.h"

static void help(poptContext context)
{
    poptSetOtherOptionHelp(context, "[OPTION]... --output FOLDER");
    poptPrintHelp(context, stdout, 0);
    printf("\nExit codes: 0 built, 4 ERROR (a file or the command is wrong), %d the files don't compile or "
           "link.\n",
        EXIT_NOT_COMPILED);
}

static int build(struct guest_options *guest, const char *kernel)
{
    char error[512];

    if (kernel != NULL && (!guest_options_of_kernel(guest, kernel, error, sizeof error) ||
                              !guest_options_only_kernel(guest, kernel, error, sizeof error))) {
        stderr_line("%s", error);
        return VERDICT_ERROR;
    }
    if (guest->output == NULL && !guest_options_any(guest)) {
        stderr_line("build wants to know where: --output FOLDER");
        return VERDICT_ERROR;
    }
    const bool own_folder = guest->output == NULL;
    const int code = guest_options_apply(guest);
    if (code == VERDICT_PASS && own_folder)
        printf("%s\n", image_folder());
    return code;
}

int command_build(int count, const char **arguments)
{
    struct guest_options guest;
    char *kernel = NULL;
    int show_help = 0, code = VERDICT_ERROR;
    char error[512] = "no memory";

    guest_options_begin(&guest);
    const struct poptOption own[] = {
        {"output", 'o', POPT_ARG_STRING, &guest.output, 0, "the folder for the images; it is made", "FOLDER"},
        {"kernel", 0, POPT_ARG_STRING, &kernel, 0, "only this kernel (ballast list kernels)", "K"},
        {"variant", 0, POPT_ARG_STRING, &guest.variant, 0, "only kernels of this variant: hotplug or static",
            "VARIANT"},
        {"help", 'h', POPT_ARG_NONE, &show_help, 0, "show this and stop", NULL},
        POPT_TABLEEND,
    };
    struct poptOption *table = guest_options_table(&guest, own);
    poptContext context = table != NULL ? poptGetContext("ballast build", count, arguments, table, 0) : NULL;
    const int result = context != NULL ? poptGetNextOpt(context) : -1;
    const char **rest = context != NULL ? poptGetArgs(context) : NULL;

    assert(count >= 1);
    if (result < -1)
        option_refused(table, context, result, "ballast build", error, sizeof error);
    else if (rest != NULL && rest[0] != NULL)
        snprintf(error, sizeof error, "build takes options only, and no %s", rest[0]);
    else if (context != NULL)
        error[0] = 0;
    if (error[0] != 0)
        stderr_line("%s", error);
    else if (show_help) {
        help(context);
        code = VERDICT_PASS;
    } else
        code = build(&guest, kernel);
    poptFreeContext(context);
    free(table);
    free(kernel);
    guest_options_end(&guest);
    return code;
}
