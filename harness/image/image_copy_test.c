/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of loading a copy when that fails: files that are no object, or only a part of one, and folders in which no copy
 * can be made. image_test.c tests loaded images.
 */
#include "harness/image/image_copy.h"

#include <check.h>
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "harness/image/image.h"

static char error[PATH_MAX + 512], folder[] = "/tmp/ballast-copy-XXXXXX", file[64];

#define ASSERT_SAYS(part) ck_assert_msg(strstr(error, (part)) != NULL, "no \"%s\" in: %s", (part), error)

/* The second folder for copies is one of ours, so that what is left in it is seen. */
static void setup(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(setenv("TMPDIR", folder, 1), 0);
    snprintf(file, sizeof file, "%s/guest", folder);
    error[0] = 0;
}

static void teardown(void)
{
    unlink(file);
    ck_assert_msg(rmdir(folder) == 0, "a copy is left in %s", folder);
}

static void write_file(const void *bytes, size_t count)
{
    FILE *out = fopen(file, "w");

    ck_assert_ptr_nonnull(out);
    ck_assert_uint_eq(fwrite(bytes, 1, count, out), count);
    ck_assert_int_eq(fclose(out), 0);
}

/* ---- what is no object ---- */

struct object {
    Elf64_Ehdr head;
    Elf64_Phdr segments[2];
    char rest[512];
};

static struct object plain_object(void)
{
    struct object object = {.head = {.e_phoff = offsetof(struct object, segments),
                                .e_phentsize = sizeof(Elf64_Phdr),
                                .e_phnum = 2,
                                .e_type = ET_DYN,
                                .e_machine = EM_X86_64,
                                .e_version = EV_CURRENT}};

    memcpy(object.head.e_ident, ELFMAG, SELFMAG);
    return object;
}

static void no_magic(struct object *object)
{
    object->head.e_ident[1] = 'e';
}

static void too_many_segments(struct object *object)
{
    object->head.e_phnum = 65;
}

static void segments_of_another_size(struct object *object)
{
    object->head.e_phentsize = 1;
}

static void segments_past_the_end(struct object *object)
{
    object->head.e_phoff = sizeof *object;
}

static void nothing_to_load(struct object *object)
{
    object->segments[0].p_type = object->segments[1].p_type = PT_NOTE;
}

static void the_last_one_first(struct object *object)
{
    object->segments[0] = (Elf64_Phdr){.p_type = PT_LOAD, .p_filesz = sizeof *object};
    object->segments[1] = (Elf64_Phdr){.p_type = PT_LOAD, .p_filesz = 1};
}

static void (*const odd[])(struct object *) = {no_magic, too_many_segments, segments_of_another_size,
    segments_past_the_end, nothing_to_load, the_last_one_first};

/* They are copied, and the loader says what is wrong with them. */
START_TEST(the_loader_refuses_what_is_no_object)
{
    struct object object = plain_object();

    odd[_i](&object);
    write_file(&object, sizeof object);
    ck_assert_ptr_null(image_copy_load(file, error, sizeof error));
    ASSERT_SAYS("/guest can't be loaded: ");
    ck_assert_ptr_null(strstr(error, "cut off"));
}
END_TEST

static void write_cut_off(void)
{
    struct object object = plain_object();

    object.segments[1] = (Elf64_Phdr){.p_type = PT_LOAD, .p_offset = sizeof object, .p_filesz = 1};
    write_file(&object, sizeof object);
}

START_TEST(one_that_is_cut_off_is_refused_before)
{
    write_cut_off();
    ck_assert_ptr_null(image_copy_load(file, error, sizeof error));
    ASSERT_SAYS("/guest can't be loaded: it is cut off before its segments end");
}
END_TEST

/* ---- what can't be copied ---- */

START_TEST(what_is_not_there_or_no_file_is_not_copied)
{
    ck_assert_ptr_null(image_copy_load(file, error, sizeof error));
    ASSERT_SAYS("/guest can't be copied to ");
    ASSERT_SAYS("No such file");
    ck_assert_ptr_null(image_copy_load(folder, error, sizeof error));
    ASSERT_SAYS("can't be ");
}
END_TEST

START_TEST(a_folder_that_takes_no_copy_is_named)
{
    char deep[PATH_MAX];

    write_file("text", 4);
    ck_assert_int_eq(setenv("TMPDIR", "/nonexistent", 1), 0);
    ck_assert_ptr_null(image_copy_load(file, error, sizeof error));
    ASSERT_SAYS("can't be copied to /nonexistent: No such file");
    memset(deep, 'd', sizeof deep);
    deep[0] = '/';
    deep[sizeof deep - 10] = 0;
    ck_assert_int_eq(setenv("TMPDIR", deep, 1), 0);
    ck_assert_ptr_null(image_copy_load(file, error, sizeof error));
    ASSERT_SAYS("can't be copied to /ddd");
    ASSERT_SAYS("name too long");
}
END_TEST

/* ---- for a debugger ---- */

START_TEST(a_debugger_has_each_copy_for_itself)
{
    char guest[PATH_MAX];

    snprintf(guest, sizeof guest, "%s/%s", image_folder(), kernel_info("netbsd")->file);
    image_copy_keep_debug_information();
    void *one = image_copy_load(guest, error, sizeof error),
         *other = image_copy_load(guest, error, sizeof error);
    ck_assert_msg(one != NULL && other != NULL, "%s", error);
    ck_assert_ptr_ne(dlsym(one, "guest_image"), dlsym(other, "guest_image"));
    dlclose(other);
    dlclose(one);
}
END_TEST

START_TEST(a_debugger_is_told_the_same)
{
    image_copy_keep_debug_information();
    ck_assert_ptr_null(image_copy_load(file, error, sizeof error));
    ASSERT_SAYS("/guest can't be loaded: No such file");
    write_file("text", 4);
    ck_assert_ptr_null(image_copy_load(file, error, sizeof error));
    ASSERT_SAYS("/guest can't be loaded: ");
    write_cut_off();
    ck_assert_ptr_null(image_copy_load(file, error, sizeof error));
    ASSERT_SAYS("/guest can't be loaded: Exec format error");
}
END_TEST

/* The lowest number that is free is the last one allowed: the file can be opened, its copy can't be made. */
START_TEST(no_number_is_free_for_the_copy)
{
    struct rlimit before, few;

    write_file("text", 4);
    const int lowest = open("/dev/null", O_RDONLY);
    ck_assert_int_ge(lowest, 0);
    close(lowest);
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = (struct rlimit){(rlim_t)lowest + 1, before.rlim_max};
    if (_i > 0)
        image_copy_keep_debug_information();
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
    void *handle = image_copy_load(file, error, sizeof error);
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
    ck_assert_ptr_null(handle);
    ASSERT_SAYS("Too many open files");
}
END_TEST

Suite *image_copy_suite(void)
{
    Suite *suite = suite_create("image_copy");
    TCase *tests = tcase_create("copies that fail");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, the_loader_refuses_what_is_no_object, 0, (int)(sizeof odd / sizeof odd[0]));
    tcase_add_test(tests, one_that_is_cut_off_is_refused_before);
    tcase_add_test(tests, what_is_not_there_or_no_file_is_not_copied);
    tcase_add_test(tests, a_folder_that_takes_no_copy_is_named);
    tcase_add_test(tests, a_debugger_has_each_copy_for_itself);
    tcase_add_test(tests, a_debugger_is_told_the_same);
    tcase_add_loop_test(tests, no_number_is_free_for_the_copy, 0, 2);
    suite_add_tcase(suite, tests);
    return suite;
}
