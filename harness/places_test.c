/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of source places, on a guest image: its own debug information says where its functions are. */
#include "harness/places.h"

#include <check.h>
#include <string.h>

#include "harness/image.h"

static bool no_memory;

START_TEST(an_entry_point_has_function_file_and_line)
{
    char error[512], text[256];
    struct image *image = image_load(kernel_info("netbsd"), error, sizeof error);

    ck_assert_msg(image != NULL, "%s", error);
    struct places *places = places_open(image_file(image), &no_memory);
    ck_assert_ptr_nonnull(places);
    const uint64_t offset = (uint64_t)(uintptr_t)image_guest(image)->start - image_base(image);
    ck_assert(places_text(places, offset, text, sizeof text));
    ck_assert_msg(strstr(text, ".c:") != NULL && strchr(text, '(') != NULL, "%s", text);
    ck_assert_msg(strchr(text, '/') == NULL, "a path of this machine: %s", text);
    places_close(places);
    image_free(image);
}
END_TEST

START_TEST(what_is_no_code_has_no_place)
{
    char error[512], text[256];
    struct image *image = image_load(kernel_info("netbsd"), error, sizeof error);

    ck_assert_msg(image != NULL, "%s", error);
    struct places *places = places_open(image_file(image), &no_memory);
    ck_assert_ptr_nonnull(places);
    ck_assert(!places_text(places, UINT64_C(1) << 40, text, sizeof text));
    places_close(places);
    image_free(image);
}
END_TEST

START_TEST(a_file_without_places_is_refused)
{
    ck_assert_ptr_null(places_open("/nonexistent.so", &no_memory));
    ck_assert_ptr_null(places_open("/dev/null", &no_memory));
    ck_assert(!no_memory);
}
END_TEST

Suite *places_suite(void)
{
    Suite *suite = suite_create("places");
    TCase *tests = tcase_create("source places");

    tcase_add_test(tests, an_entry_point_has_function_file_and_line);
    tcase_add_test(tests, what_is_no_code_has_no_place);
    tcase_add_test(tests, a_file_without_places_is_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
