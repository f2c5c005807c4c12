/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A folder of the archive's name with the scenario, the recording, its places, its page, and a text that says whose versions
 * these are and what to type.
 */
#include "harness/ballast/bundle.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/ballast/file.h"
#include "harness/ballast/places_file.h"
#include "harness/ballast/run_again.h"
#include "harness/ballast/tar.h"
#include "reports/names.h"
#include "reports/results.h"

#define SUFFIX       ".tar.gz"
#define NAME_BYTES   100u
#define FOLDER_BYTES 32u

enum part { PART_README, PART_SCENARIO, PART_RECORDING, PART_PLACES, PART_PAGE, NR_PARTS };

struct contents {
    char folder[FOLDER_BYTES]; /* a longer name is cut */
    char names[NR_PARTS][NAME_BYTES];
    char *readme, *page;
    size_t readme_bytes, page_bytes;
};

static bool has_suffix(const char *file)
{
    const size_t bytes = strlen(file), suffix = strlen(SUFFIX);

    return bytes > suffix && strcmp(file + bytes - suffix, SUFFIX) == 0 && file[bytes - suffix - 1] != '/';
}

/* The scenario keeps its name, for a recording has it; unless it would need quotes. */
static const char *scenario_name(const char *name)
{
    const size_t plain = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    return plain > 0 && name[plain] == '\0' && plain < NAME_BYTES - FOLDER_BYTES && name[0] != '.' &&
                   name[0] != '-'
               ? name
               : "run.scn";
}

static void name_parts(struct contents *contents, const char *file, const char *scenario)
{
    const char *slash = strrchr(file, '/'), *base = slash != NULL ? slash + 1 : file;
    const char *const names[NR_PARTS] = {[PART_README] = "README",
        [PART_SCENARIO] = scenario_name(scenario),
        [PART_RECORDING] = "run.rec",
        [PART_PLACES] = "run.rec" PLACES_SUFFIX,
        [PART_PAGE] = "run.html"};

    snprintf(contents->folder, sizeof contents->folder, "%.*s", (int)(strlen(base) - strlen(SUFFIX)), base);
    for (size_t p = 0; p < NR_PARTS; p++)
        snprintf(contents->names[p], NAME_BYTES, "%s/%s", contents->folder, names[p]);
}

static bool print_readme(FILE *out, const struct html_page *page, const char *judged)
{
    const struct recording_head *head = reading_head(page->reading);

    fprintf(out,
        "A run of Ballast: %s, %s.\n\n"
        "ran as         %s %s --seed %" PRIu64,
        head->name, name_of_verdict(page->verdict), page->style->command, page->style->path, head->seed);
    if (reading_schedule_seed(page->reading) != 0)
        fprintf(out, " --schedule-seed %" PRIu64, reading_schedule_seed(page->reading));
    fprintf(out,
        "\nfiles          %s\n"
        "on             %s\n"
        "recording      version %u, %" PRIu64 " events, here run.rec\n"
        "bundled by     ballast %s\n\n"
        "To look at it: open run.html in a browser, or\n"
        "    ballast show run.rec\n",
        judged[0] != '\0' ? judged : "none that the recording tells of",
        strcmp(head->backend, "xen") == 0 ? "the real Xen" : "the simulator", head->version,
        reading_events(page->reading), BALLAST_VERSION);
    return run_again_print(out, page, scenario_name(head->name));
}

static bool make_readme(struct contents *contents, const struct html_page *page)
{
    const struct result result = {.path = page->style->path, .reading = page->reading, .style = *page->style};
    char *judged = result_judged(&result);
    FILE *out = open_memstream(&contents->readme, &contents->readme_bytes);

    const bool printed = out != NULL && judged != NULL && print_readme(out, page, judged);
    const bool whole = out != NULL && fclose(out) == 0 && printed;
    free(judged);
    return whole;
}

static bool make_page(struct contents *contents, const struct html_page *page)
{
    FILE *out = open_memstream(&contents->page, &contents->page_bytes);
    const bool whole = out != NULL && html_run(out, page);

    return out != NULL && fclose(out) == 0 && whole;
}

static void *make_archive(struct contents *contents, const struct bundle *bundle, size_t *bytes)
{
    size_t scenario_bytes;
    const char *scenario = reading_scenario(bundle->page->reading, &scenario_bytes);
    const struct tar_file files[NR_PARTS] = {
        [PART_README] = {contents->names[PART_README], contents->readme, contents->readme_bytes},
        [PART_SCENARIO] = {contents->names[PART_SCENARIO], scenario, scenario_bytes},
        [PART_RECORDING] = {contents->names[PART_RECORDING], bundle->recording, bundle->recording_bytes},
        [PART_PLACES] = {contents->names[PART_PLACES], bundle->places, bundle->places_bytes},
        [PART_PAGE] = {contents->names[PART_PAGE], contents->page, contents->page_bytes}};

    return tar_gz(files, NR_PARTS, bytes);
}

bool bundle_write(const char *file, const struct bundle *bundle, char *error, size_t error_bytes)
{
    struct contents contents = {0};
    size_t bytes;
    bool written = false;

    assert(bundle->page != NULL && bundle->recording != NULL);
    if (!has_suffix(file)) {
        snprintf(error, error_bytes, "--bundle %s: the archive's name ends in " SUFFIX, file);
        return false;
    }
    if (access(file, F_OK) == 0) {
        snprintf(error, error_bytes, "--bundle %s: that file is there; name another, or remove it", file);
        return false;
    }
    name_parts(&contents, file, reading_head(bundle->page->reading)->name);
    snprintf(error, error_bytes, "no memory");
    if (make_readme(&contents, bundle->page) && make_page(&contents, bundle->page)) {
        void *archive = make_archive(&contents, bundle, &bytes);
        written = archive != NULL && file_write(file, archive, bytes, error, error_bytes);
        free(archive);
    }
    free(contents.readme);
    free(contents.page);
    return written;
}
