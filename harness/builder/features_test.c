/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of what is seen in an object: what it calls, and not what it only defines or declares. */
#include "harness/builder/features.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/ballast-features-XXXXXX";
static char path[64];

static void setup(void)
{
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.o", folder);
}

static void teardown(void)
{
    unlink(path);
    rmdir(folder);
}

static void compile(const char *text)
{
    char command[512];

    snprintf(command, sizeof command, "printf '%%s\\n' '%s' | cc -x c -c -o %s -", text, path);
    ck_assert_int_eq(system(command), 0);
}

START_TEST(what_is_called_is_seen)
{
    compile("int plug(int); int grow(int n); int grow(int n) { return plug(n); }");
    ck_assert(object_refers_to(path, "plug"));
    ck_assert(!object_refers_to(path, "plu"));
    ck_assert(!object_refers_to(path, "grow")); /* it is defined here */
}
END_TEST

START_TEST(what_is_declared_or_never_called_is_not)
{
    compile("int plug(int); static int grow(int n) { return n; } int main(void) { return grow(0); }");
    ck_assert(!object_refers_to(path, "plug"));
}
END_TEST

START_TEST(no_object_refers_to_nothing)
{
    ck_assert(!object_refers_to("/nonexistent.o", "plug"));
    ck_assert(!object_refers_to("/dev/null", "plug"));
}
END_TEST

Suite *features_suite(void);

Suite *features_suite(void)
{
    Suite *suite = suite_create("features");
    TCase *tests = tcase_create("features");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, what_is_called_is_seen);
    tcase_add_test(tests, what_is_declared_or_never_called_is_not);
    tcase_add_test(tests, no_object_refers_to_nothing);
    suite_add_tcase(suite, tests);
    return suite;
}
