/* SPDX-License-Identifier: BSD-2-Clause */
/* xenstore's paths: each character, and the paths of a domain's own nodes. */
#include "sim/xenstore/path.h"

#include <check.h>
#include <ctype.h>
#include <string.h>

#include "sim/xenstore/xenstore.h"

Suite *path_suite(void);

START_TEST(the_characters_that_xenstored_allows)
{
    for (int c = 1; c < 256; c++) {
        const char path[] = {'/', 'a', (char)c, 'b', '\0'};
        const bool good = (c < 0x80 && isalnum(c)) || strchr("-/_@", c) != NULL;

        ck_assert_msg(xenstore_path_valid(0, path) == good, "character %d", c);
    }
}
END_TEST

START_TEST(paths_of_a_domains_nodes)
{
    char path[XENSTORE_NODE_ROOM];

    ck_assert_str_eq(xenstore_node_path(path, 0, ""), "/local/domain/0");
    ck_assert_str_eq(
        xenstore_node_path(path, DOMIDS - 1, "memory/target"), "/local/domain/32751/memory/target");
}
END_TEST

Suite *path_suite(void)
{
    Suite *suite = suite_create("path");
    TCase *all = tcase_create("all");

    tcase_add_test(all, the_characters_that_xenstored_allows);
    tcase_add_test(all, paths_of_a_domains_nodes);
    suite_add_tcase(suite, all);
    return suite;
}
