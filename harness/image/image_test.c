/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of guest images: the table, private copies, and memory that comes back as it was. */
#include "harness/image/image.h"

#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char error[1024];

START_TEST(kernels_are_found_by_name)
{
    ck_assert_str_eq(kernel_info("netbsd")->file, "netbsd.so");
    ck_assert_str_eq(kernel_info("netbsd-static")->file, "netbsd-static.so");
    ck_assert_ptr_null(kernel_info("netbs"));
    ck_assert_ptr_null(kernel_info(""));
}
END_TEST

START_TEST(the_table_is_walked_to_its_end)
{
    unsigned count = 0;

    for (const struct kernel_info *k = kernel_next(NULL); k != NULL; k = kernel_next(k)) {
        ck_assert_ptr_eq(kernel_info(k->name), k);
        count++;
    }
    ck_assert_uint_ge(count, 3);
}
END_TEST

START_TEST(an_image_that_is_missing_is_named)
{
    const struct kernel_info *netbsd = kernel_info("netbsd");

    setenv("BALLAST_GUESTS", "/nonexistent", 1);
    ck_assert_ptr_null(image_load(netbsd, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "/nonexistent/netbsd.so"));
    ck_assert_ptr_nonnull(strstr(error, "make"));
}
END_TEST

START_TEST(a_file_that_is_no_image_is_refused)
{
    char folder[] = "/tmp/ballast-image-XXXXXX", file[64];

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(file, sizeof file, "%s/netbsd.so", folder);
    FILE *out = fopen(file, "w");
    fputs("not an object", out);
    fclose(out);
    setenv("BALLAST_GUESTS", folder, 1);
    ck_assert_ptr_null(image_load(kernel_info("netbsd"), error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "can't be loaded"));
    unlink(file);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

static struct image *load(void)
{
    struct image *image = image_load(kernel_info("netbsd"), error, sizeof error);

    ck_assert_msg(image != NULL, "%s", error);
    return image;
}

START_TEST(copies_are_private)
{
    struct image *one = load(), *other = load();

    ck_assert_ptr_ne(image_guest(one), image_guest(other));
    ck_assert_str_eq(image_guest(one)->kernel, "netbsd");
    image_guest(one)->gate_context = one;
    ck_assert_ptr_null(image_guest(other)->gate_context);
    image_free(one);
    image_free(other);
}
END_TEST

START_TEST(its_extents_hold_what_they_should)
{
    struct image *image = load();
    const struct guest_image *guest = image_guest(image);
    const char *start;

    memcpy(&start, &guest->start, sizeof start);
    ck_assert(guest->text_start <= start && start < guest->text_end);
    ck_assert(guest->text_start <= guest->driver_text_start && guest->driver_text_end <= guest->text_end);
    ck_assert(guest->driver_text_start < guest->driver_text_end);
    ck_assert((const char *)guest >= guest->data_start && (const char *)guest < guest->data_end);
    ck_assert_uint_le(image_base(image), (uint64_t)(uintptr_t)guest->text_start);
    image_free(image);
}
END_TEST

/* Every writable byte: what was scribbled over it is gone. */
START_TEST(restoring_puts_every_byte_back)
{
    struct image *image = load();
    size_t bytes = (size_t)(image_guest(image)->data_end - image_guest(image)->data_start);
    char *before = malloc(bytes), *data = image_guest(image)->data_start;

    memcpy(before, data, bytes);
    memset(data, 0x5a, bytes);
#ifdef BALLAST_COVERAGE
    memcpy(data, before, bytes); /* it is closed properly before it is loaded again */
#endif
    ck_assert(image_restore(image));
    ck_assert_uint_eq((size_t)(image_guest(image)->data_end - image_guest(image)->data_start), bytes);
#ifndef BALLAST_COVERAGE
    ck_assert_int_eq(memcmp(before, image_guest(image)->data_start, bytes), 0);
#endif
    free(before);
    image_free(image);
}
END_TEST

/* How many of this process's mappings are of files that have, or had, a name in some folder. */
static unsigned named_copies(void)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[PATH_MAX + 256];
    unsigned count = 0;

    ck_assert_ptr_nonnull(maps);
    while (fgets(line, sizeof line, maps) != NULL)
        count += strstr(line, "ballast-guest-") != NULL;
    fclose(maps);
    return count;
}

/* A file with a name would be left behind by a process that is killed at the wrong moment. */
START_TEST(copies_have_no_name_and_each_is_its_own)
{
    enum { COPIES = 40 };
    struct image *images[COPIES];

    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < COPIES; i++) {
            images[i] = load();
            for (unsigned other = 0; other < i; other++)
                ck_assert_ptr_ne(image_guest(images[i]), image_guest(images[other]));
        }
        ck_assert_uint_eq(named_copies(), 0);
        for (unsigned i = round % 2; i < COPIES; i += 2)
            image_free(images[i]);
        for (unsigned i = 1 - round % 2; i < COPIES; i += 2)
            image_free(images[i]);
    }
}
END_TEST

Suite *image_suite(void)
{
    Suite *suite = suite_create("image");
    TCase *tests = tcase_create("guest images");

    tcase_add_test(tests, kernels_are_found_by_name);
    tcase_add_test(tests, the_table_is_walked_to_its_end);
    tcase_add_test(tests, an_image_that_is_missing_is_named);
    tcase_add_test(tests, a_file_that_is_no_image_is_refused);
    tcase_add_test(tests, copies_are_private);
    tcase_add_test(tests, its_extents_hold_what_they_should);
    tcase_add_test(tests, restoring_puts_every_byte_back);
    tcase_add_test(tests, copies_have_no_name_and_each_is_its_own);
    suite_add_tcase(suite, tests);
    return suite;
}
