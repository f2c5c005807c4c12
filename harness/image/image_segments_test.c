/* SPDX-License-Identifier: BSD-2-Clause */
/* Code and writable memory of a shared object that every computer has: the mathematical library. */
#include "harness/image/image_segments.h"

#include <check.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

Suite *image_segments_suite(void);

static struct image_segments found;
static void *handle;

static void set_up(void)
{
    handle = dlopen("libm.so.6", RTLD_NOW | RTLD_LOCAL);
    ck_assert_ptr_nonnull(handle);
    ck_assert(image_segments_find(handle, &found));
}

static void tear_down(void)
{
    dlclose(handle);
}

START_TEST(its_code)
{
    const char *function = dlsym(handle, "cos");

    ck_assert_ptr_nonnull(function);
    ck_assert(found.text_start <= function && function < found.text_end);
    ck_assert_uint_le(found.base, (uint64_t)(uintptr_t)found.text_start);
}
END_TEST

/* Each page can be written: read(2) says EFAULT where it can't. */
START_TEST(its_writable_memory)
{
    int nothing = open("/dev/zero", O_RDONLY);

    ck_assert_uint_eq(found.writable, 1);
    ck_assert(found.data_start < found.data_end);
    for (char *at = found.data_start; at < found.data_end; at += 4096) {
        char kept = *at;

        ck_assert_int_eq(read(nothing, at, 1), 1);
        *at = kept;
    }
    close(nothing);
}
END_TEST

START_TEST(what_is_read_only_after_relocation_is_left_out)
{
    int nothing = open("/dev/zero", O_RDONLY);

    ck_assert_int_eq(read(nothing, found.data_start - 1, 1), -1);
    close(nothing);
}
END_TEST

Suite *image_segments_suite(void)
{
    Suite *suite = suite_create("image_segments");
    TCase *tests = tcase_create("segments");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, its_code);
    tcase_add_test(tests, its_writable_memory);
    tcase_add_test(tests, what_is_read_only_after_relocation_is_left_out);
    suite_add_tcase(suite, tests);
    return suite;
}
