/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of what is told of domains that come and go, and of what they leave behind. */
#include "sim/xenstore/xenstore_test.h"

#include "sim/xenstore/quota.h"

Suite *lifetime_suite(void);

static struct test_store *t;
static struct test_guest *g, *h;

static void setup(void)
{
    t = test_store_new();
    g = test_guest_new(t, 1);
    h = test_guest_new(t, 2);
}

static void teardown(void)
{
    test_store_free(t);
    free(g);
    free(h);
}

static void watch(const char *path)
{
    char body[64];
    const size_t bytes = strlen(path) + 1;

    memcpy(body, path, bytes);
    memcpy(body + bytes, "t", sizeof "t");
    ck_assert_int_eq(guest_ask(g, XS_WATCH, 0, body, bytes + sizeof "t"), 0);
    expect_event(g, path, "t");
}

static void die(struct test_guest *guest)
{
    xenstore_release(t->xs, guest->domid);
    xenstore_bury(t->xs, guest->domid);
}

static void come(struct test_guest *guest)
{
    memset(&guest->page, 0, sizeof(guest->page));
    ck_assert(xenstore_introduce(t->xs, guest->domid, &guest->page));
}

START_TEST(test_domains_that_come_and_go_are_told)
{
    watch("@releaseDomain");
    watch("@introduceDomain");
    die(h);
    come(h);
    expect_nothing(g); /* only dom0 may hear of it */
    ck_assert_int_eq(xenstore_permit(t->xs, "@releaseDomain", 0, 1, 'r'), 0);
    xenstore_shut_down(t->xs, 2);
    expect_event(g, "@releaseDomain", "t");
    die(h);
    expect_event(g, "@releaseDomain", "t");
    come(h);
    expect_nothing(g);
    die(h);
    expect_event(g, "@releaseDomain", "t");
    ck_assert_int_eq(xenstore_permit(t->xs, "@introduceDomain", 0, 1, 'r'), 0);
    come(h);
    expect_event(g, "@introduceDomain", "t");
    come(h); /* it is there already */
    expect_nothing(g);
}
END_TEST

START_TEST(test_a_dead_domains_nodes_go)
{
    ck_assert_int_eq(xenstore_make(t->xs, 0, "/s"), 0);
    ck_assert_int_eq(xenstore_permit(t->xs, "/s", 0, 2, 'b'), 0);
    ck_assert_int_eq(xenstore_permit(t->xs, "/local/domain/2", 2, 1, 'r'), 0);
    ck_assert_int_eq(guest_write(h, 0, "/s/a/b", "1"), 0);
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/s/a/b/c", "dom0's"), 0);
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/s/stays", ""), 0);
    watch("/local/domain/2");
    die(h);
    ck_assert_ptr_null(xenstore_read(t->xs, 0, "/s/a"));
    ck_assert_ptr_nonnull(xenstore_read(t->xs, 0, "/s/stays"));
    ck_assert_ptr_null(xenstore_read(t->xs, 0, "/local/domain/2"));
    expect_event(g, "/local/domain/2", "t");
}
END_TEST

START_TEST(test_a_dead_domains_rights_are_nobodys)
{
    ck_assert_int_eq(xenstore_permit(t->xs, "/local/domain/1", 1, 2, 'r'), 0);
    ck_assert_int_eq(ASK(h, XS_DIRECTORY, 0, "/local/domain/1"), 0);
    die(h);
    come(h);
    ck_assert_int_eq(ASK(h, XS_DIRECTORY, 0, "/local/domain/1"), EACCES);
    ck_assert_int_eq(ASK(g, XS_GET_PERMS, 0, "/local/domain/1"), 0);
    ck_assert_str_eq(g->body + sizeof "n1", "r2"); /* yet they stand there */
    die(h);
    ck_assert_int_eq(xenstore_permit(t->xs, "/local/domain/1", 1, 2, 'r'), 0);
    ck_assert_int_eq(xenstore_permit(t->xs, "/local/domain/1", 2, 1, 'r'), ENOENT);
    come(h);
    ck_assert_int_eq(ASK(h, XS_DIRECTORY, 0, "/local/domain/1"), EACCES); /* given when it was not there */
}
END_TEST

START_TEST(test_the_root_stays_and_counts_for_no_dead_domain)
{
    for (unsigned death = 0; death < QUOTA_NODES; death++) {
        ck_assert_int_eq(xenstore_permit(t->xs, "/", 2, 0, 'r'), 0);
        die(h);
        come(h);
    }
    ck_assert_int_eq(xenstore_make(t->xs, 0, "/local/domain/2"), 0);
    ck_assert_int_eq(xenstore_permit(t->xs, "/local/domain/2", 2, 2, 'n'), 0);
    ck_assert_int_eq(ASK(h, XS_MKDIR, 0, "/local/domain/2/a"), 0);
}
END_TEST

Suite *lifetime_suite(void)
{
    Suite *suite = suite_create("xenstore_lifetime");
    TCase *tests = tcase_create("domains that come and go");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_domains_that_come_and_go_are_told);
    tcase_add_test(tests, test_a_dead_domains_nodes_go);
    tcase_add_test(tests, test_a_dead_domains_rights_are_nobodys);
    tcase_add_test(tests, test_the_root_stays_and_counts_for_no_dead_domain);
    suite_add_tcase(suite, tests);
    return suite;
}
