/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of source places, on a guest image: its own debug information says where its functions are. */
#include "harness/image/source_places.h"

#include <check.h>
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include "harness/image/image.h"
#include "harness/tests/here.h"

static bool no_memory;

START_TEST(an_entry_point_has_function_file_and_line)
{
    char error[512], text[256];
    struct image *image = image_load(kernel_info("netbsd"), error, sizeof error);

    ck_assert_msg(image != NULL, "%s", error);
    struct source_places *places = source_places_open(image_file(image)->path, &no_memory);
    ck_assert_ptr_nonnull(places);
    const uint64_t offset = (uint64_t)(uintptr_t)image_guest(image)->start - image_base(image);
    ck_assert(source_places_text(places, offset, text, sizeof text));
    ck_assert_msg(strstr(text, ".c:") != NULL && strchr(text, '(') != NULL, "%s", text);
    ck_assert_msg(strchr(text, '/') == NULL, "a path of this machine: %s", text);
    source_places_close(places);
    image_free(image);
}
END_TEST

START_TEST(what_is_no_code_has_no_place)
{
    char error[512], text[256];
    struct image *image = image_load(kernel_info("netbsd"), error, sizeof error);

    ck_assert_msg(image != NULL, "%s", error);
    struct source_places *places = source_places_open(image_file(image)->path, &no_memory);
    ck_assert_ptr_nonnull(places);
    ck_assert(!source_places_text(places, UINT64_C(1) << 40, text, sizeof text));
    source_places_close(places);
    image_free(image);
}
END_TEST

/* Where we are in this very program: always inlined, so that the place has two functions. */
static inline __attribute__((always_inline)) uintptr_t inlined_here(void)
{
    uintptr_t here;

    __asm__ volatile("1: leaq 1b(%%rip), %0" : "=r"(here));
    return here;
}

static __attribute__((noinline)) uintptr_t calls_what_is_inlined(void)
{
    return inlined_here();
}

static uint64_t offset_in(const void *address, Dl_info *info)
{
    ck_assert_int_ne(dladdr(address, info), 0);
    return (uint64_t)((uintptr_t)address - (uintptr_t)info->dli_fbase);
}

START_TEST(an_inlined_function_is_followed_by_its_caller)
{
    char text[256], small[8];
    Dl_info info;
    const uint64_t offset = offset_in((const void *)calls_what_is_inlined(), &info);
    struct source_places *places = source_places_open("/proc/self/exe", &no_memory);

    ck_assert_ptr_nonnull(places);
    ck_assert_msg(!source_places_text(places, offset, small, sizeof small), "half a place: %s", small);
    ck_assert_str_eq(small, ""); /* whole or not at all */
    ck_assert(source_places_text(places, offset, text, sizeof text));
    ck_assert_msg(strncmp(text, "source_places_test.c:", 21) == 0, "%s", text);
    const char *caller = strstr(text, " (inlined_here)\tsource_places_test.c:");
    ck_assert_msg(caller != NULL, "%s", text);
    ck_assert_msg(strstr(caller, " (calls_what_is_inlined)") != NULL, "%s", text);
    source_places_close(places);
}
END_TEST

static __attribute__((noinline)) uintptr_t calls_what_is_borrowed(void)
{
    return borrowed_here();
}

/* What stands in a header of others is told as such: it is not where one's own mistake is. */
START_TEST(a_borrowed_function_is_marked)
{
    char text[256];
    Dl_info info;
    const uint64_t offset = offset_in((const void *)calls_what_is_borrowed(), &info);
    struct source_places *places = source_places_open("/proc/self/exe", &no_memory);

    ck_assert_ptr_nonnull(places);
    ck_assert(source_places_text(places, offset, text, sizeof text));
    ck_assert_msg(strncmp(text, "<here.h>:", 9) == 0, "%s", text);
    ck_assert_msg(strncmp(source_places_own(text), "source_places_test.c:", 21) == 0, "%s", text);
    source_places_close(places);
}
END_TEST

START_TEST(the_own_place_is_the_first_that_is_not_borrowed)
{
    ck_assert_str_eq(source_places_own("b.c:5 (f)\t<a.h>:3 (g)"), "b.c:5 (f)\t<a.h>:3 (g)");
    ck_assert_str_eq(
        source_places_own("<a.h>:3 (g)\t<b.h>:4 (h)\tb.c:5 (f)\tb.c:9 (i)"), "b.c:5 (f)\tb.c:9 (i)");
    ck_assert_str_eq(source_places_own("<a.h>:3 (g)\t<b.h>:4 (h)"), "<a.h>:3 (g)\t<b.h>:4 (h)");
    ck_assert_str_eq(source_places_own(""), "");
}
END_TEST

/* A library of the system: the loader knows the function, nobody the line. */
START_TEST(without_debug_information_there_is_the_function)
{
    char text[256];
    Dl_info info;
    const uint64_t offset = offset_in((const void *)(uintptr_t)zlibVersion, &info);
    struct source_places *places = source_places_open(info.dli_fname, &no_memory);

    ck_assert_ptr_nonnull(places);
    ck_assert(source_places_text(places, offset, text, sizeof text));
    ck_assert_msg(strstr(text, "zlibVersion") != NULL, "%s", text);
    source_places_close(places);
}
END_TEST

START_TEST(a_file_without_places_is_refused)
{
    ck_assert_ptr_null(source_places_open("/nonexistent.so", &no_memory));
    ck_assert_ptr_null(source_places_open("/dev/null", &no_memory));
    ck_assert(!no_memory);
}
END_TEST

#ifndef __SANITIZE_ADDRESS__ /* which wants memory of its own, and ends where it gets none */
/* Leaves this process no memory at all. */
static void use_up_memory(void)
{
    const struct rlimit none = {0, RLIM_INFINITY};

    ck_assert_int_eq(setrlimit(RLIMIT_AS, &none), 0);
    for (size_t bytes = 1 << 16; bytes >= 16; bytes /= 2)
        while (malloc(bytes) != NULL)
            ;
}

/* libdw's own way is to end the process. */
START_TEST(no_memory_to_look_a_place_up_is_said)
{
    char error[512], text[256];
    struct image *image = image_load(kernel_info("netbsd"), error, sizeof error);
    struct source_places *places = source_places_open(image_file(image)->path, &no_memory);
    const uint64_t offset = (uint64_t)(uintptr_t)image_guest(image)->start - image_base(image);

    ck_assert_ptr_nonnull(places);
    const pid_t pid = fork();
    if (pid == 0) {
        use_up_memory();
        const bool found = source_places_text(places, offset, text, sizeof text);
        _exit(!found && source_places_no_memory(places) &&
                      !source_places_text(places, offset, text, sizeof text)
                  ? 0
                  : 2);
    }
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %x", (unsigned)status);
    ck_assert(!source_places_no_memory(places));
    source_places_close(places);
    image_free(image);
}
END_TEST
#endif

Suite *source_places_suite(void)
{
    Suite *suite = suite_create("places");
    TCase *tests = tcase_create("source places");

    tcase_add_test(tests, an_entry_point_has_function_file_and_line);
    tcase_add_test(tests, what_is_no_code_has_no_place);
    tcase_add_test(tests, an_inlined_function_is_followed_by_its_caller);
    tcase_add_test(tests, a_borrowed_function_is_marked);
    tcase_add_test(tests, the_own_place_is_the_first_that_is_not_borrowed);
    tcase_add_test(tests, without_debug_information_there_is_the_function);
    tcase_add_test(tests, a_file_without_places_is_refused);
#ifndef __SANITIZE_ADDRESS__
    tcase_add_test(tests, no_memory_to_look_a_place_up_is_said);
#endif
    suite_add_tcase(suite, tests);
    return suite;
}
