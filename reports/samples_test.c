/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Recordings that were written by released versions of the format, kept in harness/tests/samples: each is read, and is
 * printed as it was then. Run from the project's root.
 *
 * VERSION-NAME.rec is the recording, VERSION-NAME.txt what is printed of it. Where the words of a writer are changed
 * on purpose, BALLAST_SAMPLES=write makes the texts anew; recordings are never made anew.
 */
#include "reports/recording_for_tests.h"
#include "reports/text_event.h"
#include "reports/text_failures.h"
#include "reports/text_picture.h"

#include <glob.h>

Suite *samples_suite(void);

#define SAMPLES   "harness/tests/samples/*.rec"
#define BYTES_MAX (1u << 20)

static void begin(void)
{
    reading = NULL;
    printed = NULL;
    out = open_memstream(&printed, &printed_bytes);
    ck_assert_ptr_nonnull(out);
}

static void end(void)
{
    fclose(out);
    free(printed);
}

static void *slurp(const char *path, size_t *bytes)
{
    FILE *in = fopen(path, "rb");
    char *all = malloc(BYTES_MAX + 1);

    ck_assert_msg(in != NULL, "%s: %m", path);
    ck_assert_ptr_nonnull(all);
    *bytes = fread(all, 1, BYTES_MAX, in);
    ck_assert_msg(*bytes < BYTES_MAX, "%s is no small sample", path);
    all[*bytes] = '\0';
    fclose(in);
    return all;
}

static void print_all(const char *path)
{
    const char *name = strrchr(path, '/') + 1;
    struct text_style style = {.path = name};

    text_verdict_line(out, reading, &style);
    text_failures(out, reading, &style);
    for (uint64_t event = 1; event <= reading_events(reading); event++)
        text_event(out, reading, event, &style);
    text_picture(out, reading, &(struct picture_paper){.columns = 72, .rows = 16});
    fflush(out);
}

static void compare(const char *text_path)
{
    const char *wish = getenv("BALLAST_SAMPLES");
    size_t bytes;

    if (wish != NULL && strcmp(wish, "write") == 0) {
        FILE *file = fopen(text_path, "wb");
        ck_assert_ptr_nonnull(file);
        ck_assert_uint_eq(fwrite(printed, 1, printed_bytes, file), printed_bytes);
        ck_assert_int_eq(fclose(file), 0);
        return;
    }
    char *text = slurp(text_path, &bytes);
    size_t same = 0, line = 1;
    while (same < bytes && same < printed_bytes && text[same] == printed[same])
        line += text[same++] == '\n';
    ck_assert_msg(
        bytes == printed_bytes && same == bytes, "%s:%zu is not what is printed now", text_path, line);
    free(text);
}

START_TEST(a_sample_is_read_and_says_what_it_said)
{
    char error[200] = "", text_path[256];
    glob_t samples;
    size_t bytes;

    ck_assert_int_eq(glob(SAMPLES, 0, NULL, &samples), 0);
    ck_assert_uint_ge(samples.gl_pathc, 4);
    for (size_t s = 0; s < samples.gl_pathc; s++) {
        const char *path = samples.gl_pathv[s];
        void *all = slurp(path, &bytes);
        reading = reading_open(all, bytes, error, sizeof error);
        ck_assert_msg(reading != NULL, "%s: %s", path, error);
        ck_assert_uint_eq(reading_head(reading)->version, strtoul(strrchr(path, '/') + 1, NULL, 10));
        print_all(path);
        snprintf(text_path, sizeof text_path, "%.*s.txt", (int)strlen(path) - 4, path);
        compare(text_path);
        rewind(out);
        reading_close(reading);
        free(all);
    }
    globfree(&samples);
}
END_TEST

/* Each version that there was has one. */
START_TEST(every_version_has_a_sample)
{
    for (unsigned version = 1; version <= RECORDING_VERSION; version++) {
        char pattern[64];
        glob_t found;
        snprintf(pattern, sizeof pattern, "harness/tests/samples/%u-*.rec", version);
        ck_assert_msg(glob(pattern, 0, NULL, &found) == 0, "no sample of version %u", version);
        globfree(&found);
    }
}
END_TEST

/* A byte anywhere that is not as it was written makes it no recording, and that is said. */
START_TEST(a_sample_with_a_flipped_bit_is_refused)
{
    size_t bytes;
    glob_t samples;

    ck_assert_int_eq(glob("harness/tests/samples/*-write-to-m2p.rec", 0, NULL, &samples), 0);
    char *all = slurp(samples.gl_pathv[0], &bytes);
    for (size_t at = 0; at < bytes; at++) {
        char error[200] = "";
        all[at] = (char)(all[at] ^ 1 << at % 8);
        reading = reading_open(all, bytes, error, sizeof error);
        ck_assert_msg(reading == NULL, "byte %zu may be anything", at);
        ck_assert_msg(error[0] != '\0', "byte %zu is refused without a word", at);
        all[at] = (char)(all[at] ^ 1 << at % 8);
    }
    for (size_t length = 0; length < bytes; length++) {
        char error[200] = "";
        ck_assert_msg(reading_open(all, length, error, sizeof error) == NULL, "%zu bytes are enough", length);
    }
    free(all);
    globfree(&samples);
}
END_TEST

Suite *samples_suite(void)
{
    Suite *suite = suite_create("samples");
    TCase *tests = tcase_create("of the format's versions");

    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, a_sample_is_read_and_says_what_it_said);
    tcase_add_test(tests, every_version_has_a_sample);
    tcase_add_test(tests, a_sample_with_a_flipped_bit_is_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
