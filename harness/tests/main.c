/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The test program: every suite that the Makefile found. With names as arguments, only those suites; with 1/2, every
 * second one from the first on, with 2/2 the others.
 * Prints failures and Check's closing line, nothing else.
 */
#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUITE(name) Suite *name(void);
#include "suites.h"
#undef SUITE

static const struct {
    const char *name;
    Suite *(*make)(void);
} suites[] = {
#define SUITE(name) {#name, name},
#include "suites.h"
#undef SUITE
};

/* K/N as an argument: this suite is of the Kth part. */
static bool in_part(size_t suite, const char *part)
{
    unsigned of = 0, which = 0;

    return sscanf(part, "%u/%u", &which, &of) == 2 && of > 0 && suite % of + 1 == which;
}

static bool wanted(const char *name, int count, char **names)
{
    size_t stem = strlen(name) - strlen("_suite");

    for (int i = 1; i < count; i++)
        if (strncmp(names[i], name, stem) == 0 &&
            (names[i][stem] == '\0' || strcmp(names[i] + stem, "_suite") == 0))
            return true;
    return count < 2;
}

int main(int argc, char **argv)
{
    SRunner *runner = srunner_create(NULL);

    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++)
        if (wanted(suites[i].name, argc, argv) || (argc == 2 && in_part(i, argv[1])))
            srunner_add_suite(runner, suites[i].make());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
