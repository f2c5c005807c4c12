/* SPDX-License-Identifier: BSD-2-Clause */
/* `ballast report REC...`: kept recordings as HTML pages; reports/html_run.c and html_index.c write them. */
#include <assert.h>
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/ballast/bundle.h"
#include "harness/ballast/commands.h"
#include "harness/ballast/file.h"
#include "harness/ballast/folder_files.h"
#include "harness/ballast/opened_recording.h"
#include "harness/ballast/option_value.h"
#include "harness/ballast/report_folder.h"
#include "harness/ballast/stderr_line.h"
#include "harness/run/runner.h"

/* A recording without places beside it still has its scenario's base name. */
static void name_scenario(struct opened_recording *opened)
{
    const struct event_places *places = &opened->places;

    opened->style.path = places->scenario != NULL ? places->scenario : reading_head(opened->reading)->name;
    opened->style.command = places->command != NULL ? places->command : "ballast replay";
}

/* What can't be read has a row of the index all the same, which says why. False: it can't be read, or has no page, which was said. */
static bool add(struct report_folder *folder, const char *path)
{
    struct opened_recording opened = {0};
    char error[OPENED_ERROR_BYTES], why_not[512];
    struct text_style style = {.path = path};
    struct html_page page = {.style = &style, .verdict = VERDICT_ERROR, .sentence = error};
    const bool is_there = opened_recording_open(&opened, path, error, sizeof error);

    if (is_there) {
        name_scenario(&opened);
        page = (struct html_page){
            .reading = opened.reading, .style = &opened.style, .verdict = reading_verdict(opened.reading)};
    } else
        stderr_line("%s", error);
    const bool added = report_folder_add(folder, path, &page, why_not, sizeof why_not);
    if (!added)
        stderr_line("%s", why_not);
    opened_recording_close(&opened);
    return is_there && added;
}

/* What can't be read is told, and the others have their pages in any case. */
static int report(const char *path, const struct words *recordings)
{
    char error[512];
    int code = VERDICT_PASS;
    struct report_folder *folder = report_folder_begin(path, error, sizeof error);

    if (folder == NULL) {
        stderr_line("%s", error);
        return VERDICT_ERROR;
    }
    for (size_t r = 0; r < recordings->count; r++)
        if (!add(folder, recordings->list[r]))
            code = VERDICT_ERROR;
    if (report_folder_end(folder, error, sizeof error))
        printf("%s/index.html\n", path);
    else {
        stderr_line("%s", error);
        code = VERDICT_ERROR;
    }
    report_folder_free(folder);
    return code;
}

/* A folder among the names stands for all recordings in it. */
static int report_all(const char *path, const char **names)
{
    struct words recordings = {0};
    char error[512] = "";
    int code = VERDICT_ERROR;

    while (*names != NULL && error[0] == '\0')
        folder_files_add(&recordings, *names++, ".rec", "recording", error, sizeof error);
    if (error[0] == '\0')
        code = report(path, &recordings);
    else
        stderr_line("%s", error);
    words_free(&recordings);
    return code;
}

static int bundle(const char *file, const char *path)
{
    struct opened_recording opened = {0};
    char error[OPENED_ERROR_BYTES], beside[4096];
    size_t places_bytes = 0;
    int code = VERDICT_ERROR;

    if (!opened_recording_open(&opened, path, error, sizeof error))
        stderr_line("%s", error);
    else {
        name_scenario(&opened);
        snprintf(beside, sizeof beside, "%s" PLACES_SUFFIX, path);
        char *places = opened.places.text != NULL
                           ? file_read(beside, PLACES_BYTES_MAX, &places_bytes, error, sizeof error)
                           : NULL;
        const struct html_page page = {
            .reading = opened.reading, .style = &opened.style, .verdict = reading_verdict(opened.reading)};
        const struct bundle whole = {.page = &page,
            .recording = opened.bytes,
            .recording_bytes = opened.count,
            .places = places,
            .places_bytes = places != NULL ? places_bytes : 0};
        if (bundle_write(file, &whole, error, sizeof error)) {
            printf("%s\n", file);
            code = VERDICT_PASS;
        } else
            stderr_line("%s", error);
        free(places);
    }
    opened_recording_close(&opened);
    return code;
}

static void help(poptContext context)
{
    poptPrintHelp(context, stdout, 0);
    printf("\nWrites a page for each recording (ballast replay --record REC FILE), or for all in a folder, "
           "and index.html over them. "
           "They need "
           "nothing\nelse, and open from disk in any browser: memory over time, pages, events with their "
           "places in "
           "the driver, consoles,\ninvariants, and the command that replays each event.\n\n"
           "Exit codes: 0 written, 4 a recording can't be read, or a page can't be written.\n");
}

int command_report(int count, const char **arguments)
{
    char *folder = NULL, *archive = NULL, error[512] = "";
    int show_help = 0, code = VERDICT_ERROR;
    const struct poptOption table[] = {
        {"output", 'o', POPT_ARG_STRING, &folder, 0, "the folder for the pages", "DIR"},
        {"bundle", 0, POPT_ARG_STRING, &archive, 0,
            "pack one recording, its scenario, page and versions for a bug report", "FILE.tar.gz"},
        {"help", 'h', POPT_ARG_NONE, &show_help, 0, "show this and stop", NULL},
        POPT_TABLEEND,
    };
    poptContext context = poptGetContext("ballast report", count, arguments, table, 0);

    assert(count >= 1);
    poptSetOtherOptionHelp(context, "REC|FOLDER... -o DIR | REC --bundle FILE.tar.gz");
    const int result = poptGetNextOpt(context);
    const char **recordings = poptGetArgs(context);
    if (result < -1)
        option_refused(table, context, result, "ballast report", error, sizeof error);
    else if (show_help) {
        help(context);
        code = VERDICT_PASS;
    } else if (archive != NULL && (recordings == NULL || recordings[1] != NULL || folder != NULL))
        snprintf(error, sizeof error,
            "--bundle packs one recording, and has its page in it, as in `ballast report a.rec --bundle "
            "a.tar.gz`");
    else if (archive != NULL)
        code = bundle(archive, recordings[0]);
    else if (recordings == NULL || folder == NULL)
        snprintf(error, sizeof error,
            "recordings and a folder for their pages are wanted, as in `ballast report a.rec b.rec -o "
            "report`");
    else
        code = report_all(folder, recordings);
    if (error[0] != '\0')
        stderr_line("%s", error);
    poptFreeContext(context);
    free(folder);
    free(archive);
    return code;
}
