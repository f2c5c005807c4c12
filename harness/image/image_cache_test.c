/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of the cache: an image in it is taken once; one that is not in it is loaded, and noted as missed. */
#include "harness/image/image_cache.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/ballast/worker.h"

static char error[1024];

START_TEST(a_copy_is_taken_once)
{
    const struct kernel_info *probe = kernel_info("probe");

    ck_assert_uint_eq(image_cache_missed(), 0);
    struct image *first = image_cache_take(probe, error, sizeof error);
    ck_assert_ptr_nonnull(first);
    const uint64_t kernels = image_cache_missed();
    ck_assert_uint_ne(kernels, 0);
    image_cache_empty();
    ck_assert_uint_eq(image_cache_missed(), 0);

    image_cache_fill(kernels);
    struct image *second = image_cache_take(probe, error, sizeof error);
    ck_assert_ptr_nonnull(second);
    ck_assert_uint_eq(image_cache_missed(), 0);
    ck_assert_ptr_eq(image_kernel(second), probe);
    ck_assert_ptr_ne(image_guest(second), image_guest(first));
    struct image *third = image_cache_take(probe, error, sizeof error);
    ck_assert_ptr_nonnull(third);
    ck_assert_uint_eq(image_cache_missed(), kernels);
    image_free(first);
    image_free(second);
    image_free(third);
    image_cache_empty();
}
END_TEST

START_TEST(what_cannot_be_loaded_is_told_to_who_wants_it)
{
    char folder[] = "/tmp/ballast-cache-XXXXXX", file[64];

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(file, sizeof file, "%s/odd.so", folder);
    ck_assert_int_eq(symlink("/dev/null", file), 0);
    setenv("BALLAST_GUESTS", folder, 1);
    image_cache_fill(UINT64_MAX);
    ck_assert_ptr_null(image_cache_take(kernel_info("odd"), error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "/odd.so can't be loaded"));
    image_cache_empty();
    unlink(file);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

static unsigned loaded;

static void take_one(void *context, size_t job, struct outcome *outcome)
{
    struct image *image = image_cache_take(kernel_info("probe"), error, sizeof error);

    (void)context;
    (void)job;
    memset(image_guest(image), 0, 64); /* as a guest that goes wild: it is this process's own copy */
    outcome->verdict = image_cache_missed() != 0 ? VERDICT_FAIL : VERDICT_PASS;
    outcome->sentence = image == NULL ? error : "";
}

static void count(void *context, size_t job, const struct outcome *outcome)
{
    (void)context;
    ck_assert_str_eq(outcome->sentence, "");
    loaded += outcome->verdict == VERDICT_FAIL;
    ck_assert(job > 0 || loaded == 1);
}

/* The first worker loads it, and those after it find it, whatever the ones before wrote into theirs. */
START_TEST(workers_find_what_one_before_them_loaded)
{
    const struct workers workers = {
        .nr_jobs = 4, .at_a_time = 1, .timeout_ms = 600000, .work = take_one, .deliver = count};

    loaded = 0;
    ck_assert(workers_run(&workers));
    ck_assert_uint_eq(loaded, 1);
    ck_assert_uint_eq(image_cache_missed(), 0);
}
END_TEST

Suite *image_cache_suite(void);

Suite *image_cache_suite(void)
{
    Suite *suite = suite_create("image cache");
    TCase *tests = tcase_create("cache");

    tcase_add_test(tests, a_copy_is_taken_once);
    tcase_add_test(tests, what_cannot_be_loaded_is_told_to_who_wants_it);
    tcase_add_test(tests, workers_find_what_one_before_them_loaded);
    suite_add_tcase(suite, tests);
    return suite;
}
