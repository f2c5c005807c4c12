/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xenstore's meaning: tree, permissions, watches and quotas, asked as dom0 and as guests. Transactions are tested in
 * transaction_test.c, bytes in rings in ring_test.c.
 */
#include "sim/xenstore/xenstore_test.h"

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

START_TEST(test_nodes_hold_values)
{
    ck_assert_ptr_null(xenstore_read(t->xs, 0, "/a"));
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/a/b/c", "1"), 0);
    ck_assert_str_eq(xenstore_read(t->xs, 0, "/a/b/c"), "1");
    ck_assert_str_eq(xenstore_read(t->xs, 0, "/a/b"), "");
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/a/b/c", ""), 0);
    ck_assert_str_eq(xenstore_read(t->xs, 0, "/a/b/c"), "");
    ck_assert_int_eq(xenstore_remove(t->xs, 0, "/a/b"), 0);
    ck_assert_ptr_null(xenstore_read(t->xs, 0, "/a/b/c"));
    ck_assert_str_eq(xenstore_read(t->xs, 0, "/a"), "");
}
END_TEST

START_TEST(test_removing_what_is_not_there)
{
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/a", "1"), 0);
    ck_assert_int_eq(xenstore_remove(t->xs, 0, "/a/b"), 0);
    ck_assert_int_eq(xenstore_remove(t->xs, 0, "/a/b/c"), ENOENT);
    ck_assert_int_eq(xenstore_remove(t->xs, 0, "/"), EINVAL);
}
END_TEST

START_TEST(test_paths)
{
    static const char *const bad[] = {
        "", "/a/", "//", "/a//b", "/a b", "/\303\244", "/a%", "@", "a/", "/a.b"};
    /* 2048 bytes, which are counted from behind a domain's home. */
    static const struct {
        const char *home;
        size_t more;
        int error;
    } rows[] = {{"/", 2047, 0}, {"/", 2048, EINVAL}, {"/local/domain/1/", 2048, 0},
        {"/local/domain/1/", 2049, EINVAL}, {"/local/domain/99999/", 2048, 0},
        {"/local/domain/123456/", 2047, EINVAL}, {"/local/domain/-1/", 2048, 0},
        {"/local/domain/x/", 2040, EINVAL}, {"/local/domain//", 2000, EINVAL}, {"", 2048, 0},
        {"", 2049, EINVAL}};
    char longest[XENSTORE_ABS_PATH_MAX + 2];

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ck_assert_int_eq(xenstore_write(t->xs, 0, bad[i], "1"), EINVAL);
        ck_assert(!xenstore_path_valid(0, bad[i]));
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const size_t home = strlen(rows[i].home);

        memcpy(longest, rows[i].home, home);
        memset(longest + home, 'a', rows[i].more);
        longest[home + rows[i].more] = '\0';
        ck_assert_int_eq(xenstore_write(t->xs, 0, longest, "1"), rows[i].error);
    }
}
END_TEST

/* What dom0 asks for in vain is noted, with what it asked. */
START_TEST(test_bad_paths_are_noted)
{
    char note[64];

    ck_assert_int_eq(xenstore_make(t->xs, 0, "/a/"), EINVAL);
    snprintf(note, sizeof note, "0 %d /a/  %d", XS_MKDIR, EINVAL);
    ck_assert_str_eq(t->last_note, note);
    ck_assert_int_eq(xenstore_remove(t->xs, 0, "/b/"), EINVAL);
    snprintf(note, sizeof note, "0 %d /b/  %d", XS_RM, EINVAL);
    ck_assert_str_eq(t->last_note, note);
}
END_TEST

START_TEST(test_a_domains_home)
{
    static const unsigned domids[] = {0, 9, 10, 123, 32751};
    char home[XENSTORE_HOME_ROOM], wanted[64];

    for (size_t i = 0; i < sizeof(domids) / sizeof(domids[0]); i++) {
        snprintf(wanted, sizeof(wanted), "/local/domain/%u/", domids[i]);
        ck_assert_uint_eq(xenstore_home(home, domids[i]), strlen(wanted));
        ck_assert_str_eq(home, wanted);
    }
}
END_TEST

START_TEST(test_relative_paths_stand_below_the_domain)
{
    ck_assert_int_eq(guest_write(g, 0, "data/x", "7"), 0);
    ck_assert_str_eq(xenstore_read(t->xs, 0, "/local/domain/1/data/x"), "7");
    ck_assert_str_eq(xenstore_read(t->xs, 1, "data/x"), "7");
    ck_assert_int_eq(xenstore_write(t->xs, 0, "x", "0"), 0);
    ck_assert_str_eq(xenstore_read(t->xs, 0, "/local/domain/0/x"), "0");
}
END_TEST

START_TEST(test_directory_in_the_order_of_making)
{
    char names[64];

    ck_assert_int_eq(xenstore_write(t->xs, 0, "/d/b", ""), 0);
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/d/aa", ""), 0);
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/d/a", ""), 0);
    ck_assert_int_eq(xenstore_make(t->xs, 0, "/d/c"), 0);
    ck_assert_uint_eq(xenstore_directory(t->xs, 0, "/d", names, sizeof(names)), 9);
    ck_assert_mem_eq(names, "b\0aa\0a\0c", 9);
    ck_assert_uint_eq(xenstore_directory(t->xs, 0, "/d", names, 3), 9);
    ck_assert_uint_eq(xenstore_directory(t->xs, 0, "/d/a", names, 3), 0);
    ck_assert_uint_eq(xenstore_directory(t->xs, 0, "/e", names, 3), SIZE_MAX);
    ck_assert_int_eq(ASK(g, XS_DIRECTORY, 0, "/d"), EACCES);
    ck_assert_int_eq(xenstore_permit(t->xs, "/d", 0, 1, 'r'), 0);
    ck_assert_int_eq(ASK(g, XS_DIRECTORY, 0, "/d"), 0);
    ck_assert_uint_eq(g->head.len, 9);
    ck_assert_mem_eq(g->body, "b\0aa\0a\0c", 9);
    ck_assert_int_eq(ASK(g, XS_DIRECTORY_PART, 0,
                         "/d\0"
                         "2"),
        0);
    ck_assert_mem_eq(g->body + strlen(g->body) + 1, "aa\0a\0c\0", 8);
    ck_assert_int_eq(ASK(g, XS_DIRECTORY_PART, 0,
                         "/d\0"
                         "9"),
        0);
    ck_assert_uint_eq(g->head.len, strlen(g->body) + 2);
}
END_TEST

START_TEST(test_access_letters)
{
    static const struct {
        char letter;
        int read, write;
    } cases[] = {{'n', EACCES, EACCES}, {'r', 0, EACCES}, {'w', EACCES, 0}, {'b', 0, 0}};

    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(xenstore_write(t->xs, 0, "/p", "v"), 0);
        ck_assert_int_eq(xenstore_permit(t->xs, "/p", 0, 1, cases[i].letter), 0);
        ck_assert_int_eq(ASK(g, XS_READ, 0, "/p"), cases[i].read);
        ck_assert_int_eq(guest_write(g, 0, "/p", "w"), cases[i].write);
        ck_assert_int_eq(ASK(h, XS_READ, 0, "/p"), EACCES);
    }
    ck_assert_int_eq(xenstore_permit(t->xs, "/p", 0, 1, 'x'), EINVAL);
    ck_assert_int_eq(xenstore_permit(t->xs, "/none", 0, 1, 'r'), ENOENT);
}
END_TEST

START_TEST(test_memory_target_under_xl_is_read_only)
{
    ck_assert_int_eq(xenstore_make(t->xs, 0, "/local/domain/1/memory"), 0);
    ck_assert_int_eq(xenstore_permit(t->xs, "/local/domain/1/memory", 0, 1, 'r'), 0);
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/memory/target", "65536"), 0);
    ck_assert_int_eq(ASK(g, XS_READ, 0, "memory/target"), 0);
    ck_assert_str_eq(g->body, "65536");
    ck_assert_uint_eq(g->head.len, 5);
    ck_assert_int_eq(guest_write(g, 0, "memory/target", "1"), EACCES);
    ck_assert_str_eq(t->last_note, "1 11 /local/domain/1/memory/target  13");
    ck_assert_int_eq(guest_write(g, 0, "memory/new", "1"), EACCES);
    ck_assert_int_eq(ASK(h, XS_READ, 0, "/local/domain/1/memory/target"), EACCES);
    ck_assert_int_eq(ASK(g, XS_GET_PERMS, 0, "memory/target"), 0);
    ck_assert_mem_eq(g->body, "n0\0r1", 6);
}
END_TEST

START_TEST(test_absence_is_told_only_to_those_who_could_see)
{
    ck_assert_int_eq(xenstore_make(t->xs, 0, "/secret"), 0);
    ck_assert_int_eq(ASK(g, XS_READ, 0, "/secret/x"), EACCES);
    ck_assert_int_eq(ASK(g, XS_READ, 0, "nothing"), ENOENT);
}
END_TEST

START_TEST(test_new_nodes_inherit)
{
    ck_assert_int_eq(xenstore_make(t->xs, 0, "/s"), 0);
    ck_assert_int_eq(xenstore_permit(t->xs, "/s", 2, 1, 'b'), 0);
    ck_assert_int_eq(guest_write(g, 0, "/s/a/b", "1"), 0);
    ck_assert_int_eq(ASK(g, XS_GET_PERMS, 0, "/s/a/b"), 0);
    ck_assert_mem_eq(g->body, "n1\0b1", 6); /* what a guest makes is its own */
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/s/c", "1"), 0);
    ck_assert_int_eq(ASK(h, XS_GET_PERMS, 0, "/s/c"), 0);
    ck_assert_mem_eq(h->body, "n2\0b1", 6); /* what dom0 makes is the parent's owner's */
}
END_TEST

START_TEST(test_set_perms)
{
    ck_assert_int_eq(guest_write(g, 0, "mine", "1"), 0);
    ck_assert_int_eq(ASK(g, XS_SET_PERMS, 0, "mine\0n1\0r2"), 0);
    ck_assert_int_eq(ASK(h, XS_READ, 0, "/local/domain/1/mine"), 0);
    ck_assert_int_eq(ASK(g, XS_SET_PERMS, 0, "mine\0n2"), EPERM);
    ck_assert_int_eq(ASK(h, XS_SET_PERMS, 0, "/local/domain/1/mine\0n1"), EACCES);
    ck_assert_int_eq(ASK(g, XS_SET_PERMS, 0, "mine\0n1\0r2\0r3\0r4\0r5\0r6"), ENOSPC);
    ck_assert_int_eq(ASK(g, XS_SET_PERMS, 0, "mine\0x1"), EINVAL);
    ck_assert_int_eq(ASK(g, XS_SET_PERMS, 0, "mine\0n"), EINVAL);
    ck_assert_int_eq(ASK(g, XS_SET_PERMS, 0, "mine\0n99999"), ENOENT);
    ck_assert_int_eq(ASK(g, XS_SET_PERMS, 0, "mine\0n1x"), EINVAL);
    ck_assert_int_eq(ASK(g, XS_SET_PERMS, 0, "mine"), EINVAL);
    ck_assert_int_eq(ASK(g, XS_SET_PERMS, 0, "absent\0n1"), ENOENT);
}
END_TEST

/* Their number is counted first, then they are read, then their owner must be a domain, and only then comes the path. */
START_TEST(test_set_perms_looks_at_them_first)
{
    ck_assert_int_eq(ASK(g, XS_SET_PERMS, 0, "//\0x1\0r2\0r3\0r4\0r5\0r6"), ENOSPC);
    ck_assert_int_eq(ASK(g, XS_SET_PERMS, 0, "//\0x1"), EINVAL);
    ck_assert_int_eq(ASK(g, XS_SET_PERMS, 0, "//\0n9"), ENOENT);
    ck_assert_int_eq(ASK(g, XS_SET_PERMS, 0, "/local\0n9"), ENOENT);
    ck_assert_int_eq(ASK(g, XS_SET_PERMS, 0, "/local\0n0"), EACCES);
}
END_TEST

/* Numbers are strtol()'s, and what is behind the last NUL does not count. */
START_TEST(test_perms_as_text)
{
    static const char set[] = "mine\0n1\0r-1\0w0x2\0b 3\0n010\0w";
    static const char wide[] = "mine\0n1\0r99999\0w99999999999";

    ck_assert_int_eq(guest_write(g, 0, "mine", "1"), 0);
    ck_assert_int_eq(guest_ask(g, XS_SET_PERMS, 0, set, sizeof set - 1), 0);
    ck_assert_int_eq(ASK(g, XS_GET_PERMS, 0, "mine"), 0);
    ck_assert_uint_eq(g->head.len, sizeof "n1\0r-1\0w2\0b3\0n8");
    ck_assert_mem_eq(g->body, "n1\0r-1\0w2\0b3\0n8", g->head.len);
    ck_assert_int_eq(ASK(g, XS_SET_PERMS, 0, wide), 0);
    ck_assert_int_eq(ASK(g, XS_GET_PERMS, 0, "mine"), 0);
    ck_assert_mem_eq(g->body, "n1\0r99999\0w1215752191", g->head.len);
    ck_assert_int_eq(guest_ask(g, XS_SET_PERMS, 0, "mine\0n1", 7), EINVAL);
}
END_TEST

START_TEST(test_watch_fires_once_when_registered)
{
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "memory/target\0tok"), 0);
    expect_event(g, "memory/target", "tok");
    expect_nothing(g);
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "memory/target\0tok"), EEXIST);
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "/local/domain/1/memory/target\0tok"), EEXIST);
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "memory/target\0other"), 0);
    expect_event(g, "memory/target", "other");
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "bad path\0tok"), EINVAL);
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "only"), EINVAL);
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "@introduceDomain\0tok"), 0);
    expect_event(g, "@introduceDomain", "tok");
}
END_TEST

START_TEST(test_watch_fires_at_and_below)
{
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "data\0rel"), 0);
    expect_event(g, "data", "rel");
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "/local/domain/1/data/deep\0abs"), 0);
    expect_event(g, "/local/domain/1/data/deep", "abs");
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/data", "1"), 0);
    expect_event(g, "data", "rel");
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/data/deep/er", "1"), 0);
    expect_event(g, "data/deep/er", "rel");
    expect_event(g, "/local/domain/1/data/deep/er", "abs");
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/data2", "1"), 0);
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/dat", "1"), 0);
    expect_nothing(g);
}
END_TEST

START_TEST(test_same_value_fires_again)
{
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/v", "1"), 0);
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "v\0t"), 0);
    expect_event(g, "v", "t");
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/v", "1"), 0);
        expect_event(g, "v", "t");
    }
    ck_assert_int_eq(xenstore_make(t->xs, 0, "/local/domain/1/v"), 0); /* there already: no change */
    expect_nothing(g);
}
END_TEST

START_TEST(test_removal_fires_for_what_was_below)
{
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/d/a/x", "1"), 0);
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/d/b", "1"), 0);
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "d/a/x\0deep"), 0);
    expect_event(g, "d/a/x", "deep");
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "d/a\0middle"), 0);
    expect_event(g, "d/a", "middle");
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "d\0top"), 0);
    expect_event(g, "d", "top");
    ck_assert_int_eq(xenstore_remove(t->xs, 0, "/local/domain/1/d"), 0);
    expect_event(g, "d/a/x", "deep"); /* the deepest are gone first */
    expect_event(g, "d/a", "middle");
    expect_event(g, "d", "top");
    expect_nothing(g);
}
END_TEST

START_TEST(test_no_event_for_what_may_not_be_seen)
{
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "/\0t"), 0);
    expect_event(g, "/", "t");
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/hidden/x", "1"), 0);
    expect_nothing(g);
    ck_assert_int_eq(xenstore_permit(t->xs, "/hidden", 0, 1, 'r'), 0);
    expect_event(g, "/hidden", "t");
    ck_assert_int_eq(xenstore_permit(t->xs, "/hidden", 0, 0, 'n'), 0);
    expect_event(g, "/hidden", "t"); /* who loses sight is told of it */
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/hidden/x", "1"), 0);
    expect_nothing(g);
}
END_TEST

START_TEST(test_own_writes_fire_before_the_answer)
{
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "w\0t"), 0);
    expect_event(g, "w", "t");
    guest_send(g, XS_WRITE, 0, "w\0001", 3);
    expect_event(g, "w", "t");
    ck_assert(guest_read_message(g));
    ck_assert_uint_eq(g->head.type, XS_WRITE);
    ck_assert_str_eq(g->body, "OK");
}
END_TEST

START_TEST(test_unwatch_and_reset)
{
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "a\0t"), 0);
    expect_event(g, "a", "t");
    ck_assert_int_eq(ASK(g, XS_UNWATCH, 0, "a\0u"), ENOENT);
    ck_assert_int_eq(ASK(h, XS_UNWATCH, 0, "/local/domain/1/a\0t"), ENOENT);
    ck_assert_int_eq(ASK(g, XS_UNWATCH, 0, "a\0t"), 0);
    ck_assert_int_eq(guest_write(g, 0, "a", "1"), 0);
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "a\0t"), 0);
    expect_event(g, "a", "t");
    ck_assert_int_eq(ASK(h, XS_WATCH, 0, "a\0t"), 0);
    expect_event(h, "a", "t");
    ck_assert_int_eq(guest_ask(g, XS_RESET_WATCHES, 0, "", 1), 0);
    ck_assert_int_eq(guest_write(g, 0, "a", "2"), 0);
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/2/a", "2"), 0);
    expect_nothing(g);
    expect_event(h, "a", "t");
}
END_TEST

START_TEST(test_watches_go_with_the_domain)
{
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "a\0t"), 0);
    expect_event(g, "a", "t");
    xenstore_release(t->xs, 1);
    ck_assert(xenstore_quiet(t->xs, 1));
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/a", "1"), 0);
    ck_assert(xenstore_introduce(t->xs, 1, &g->page));
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/a", "2"), 0);
    expect_nothing(g);
}
END_TEST

START_TEST(test_quota_of_nodes)
{
    char path[64];
    int made = 1, error = 0; /* its own directory counts */

    while (error == 0 && made < 2000) {
        snprintf(path, sizeof(path), "d%d/%d", made / 100, made);
        error = guest_write(g, 0, path, "");
        made += error == 0;
    }
    ck_assert_int_eq(error, ENOSPC);
    ck_assert_int_eq(made, 1000 - 10);                                         /* d0 to d9 count as well */
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/more", ""), 0); /* dom0 has no quota */
    ck_assert_int_eq(ASK(g, XS_RM, 0, "d0"), 0);
    ck_assert_int_eq(guest_write(g, 0, "again", ""), 0);
    ck_assert_int_eq(guest_write(h, 0, "other", ""), 0);
}
END_TEST

/* Makes nodes with these numbers below a folder of the guest's, until one is refused. Returns how many were made. */
static int make_many(uint32_t tx, const char *folder, int first, int most, int *error)
{
    char path[64];
    int made = 0;

    for (*error = 0; made < most; made++) {
        snprintf(path, sizeof path, "%s/%d/%d", folder, (first + made) / 100, first + made);
        *error = guest_write(g, tx, path, "");
        if (*error != 0)
            break;
    }
    return made;
}

/* Inside a transaction only the nodes outside of it count; all are counted at its end. */
START_TEST(test_nodes_of_a_transaction_count)
{
    uint32_t tx;
    int error;

    ck_assert_int_eq(make_many(0, "b", 100, 600, &error), 600); /* 608 with its directory, b and b/1 to b/6 */
    tx = guest_begin(g);
    ck_assert_int_eq(make_many(tx, "a", 100, 500, &error), 500);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), ENOSPC);
    tx = guest_begin(g);
    ck_assert_int_eq(make_many(tx, "a", 100, 500, &error), 500);
    ck_assert_int_eq(xenstore_make(t->xs, 0, "/local/domain/1/other"), 0);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), ENOSPC); /* EAGAIN comes behind it */
    ck_assert_int_eq(xenstore_remove(t->xs, 0, "/local/domain/1/other"), 0);
    ck_assert_ptr_null(xenstore_read(t->xs, 1, "a"));
    tx = guest_begin(g);
    ck_assert_int_eq(
        make_many(tx, "a", 100, 387, &error), 387); /* 1000 with a and a/1 to a/4: one too many here */
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), ENOSPC);
    tx = guest_begin(g);
    ck_assert_int_eq(make_many(tx, "a", 100, 386, &error), 386);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), 0);
    ck_assert_ptr_nonnull(xenstore_read(t->xs, 1, "a/4/485"));
    ck_assert_int_eq(guest_write(g, 0, "last", ""), 0);
    ck_assert_int_eq(guest_write(g, 0, "more", ""), ENOSPC);
    tx = guest_begin(g);
    ck_assert_int_eq(ASK(g, XS_RM, tx, "a"), 0);
    ck_assert_int_eq(guest_write(g, tx, "more", ""), ENOSPC); /* which spoils nothing */
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), 0);
    ck_assert_int_eq(guest_write(g, 0, "more", ""), 0);
    ck_assert_int_eq(guest_write(h, 0, "other", ""), 0);
}
END_TEST

/* The 1024 nodes that it may look at are used up: it can do no more, and fails. */
START_TEST(test_nodes_looked_at_in_a_transaction)
{
    const uint32_t tx = guest_begin(g);
    int error;

    ck_assert_int_gt(make_many(tx, "a", 0, 2000, &error), 1000);
    ck_assert_int_eq(error, ENOSPC);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_END, tx, "T"), ENOMEM);
    ck_assert_ptr_null(xenstore_read(t->xs, 1, "a"));
}
END_TEST

/* What nobody has set permissions on: dom0's, and no business of others. A guest's own directory is the guest's. */
START_TEST(test_permissions_that_nobody_set)
{
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/tool/note", "1"), 0);
    ck_assert_int_eq(ASK(g, XS_READ, 0, "/tool/note"), EACCES);
    ck_assert_int_eq(guest_write(g, 0, "/tool/note", "2"), EACCES);
    ck_assert_int_eq(guest_write(g, 0, "/new", "2"), EACCES);
    ck_assert_int_eq(ASK(g, XS_RM, 0, "/tool"), EACCES);
    ck_assert_int_eq(guest_write(g, 0, "mine", "1"), 0);
    ck_assert_int_eq(ASK(g, XS_GET_PERMS, 0, "mine"), 0);
    ck_assert_mem_eq(g->body, "n1", 3);
    ck_assert_int_eq(ASK(h, XS_READ, 0, "/local/domain/1/mine"), EACCES);
    ck_assert_int_eq(guest_write(h, 0, "/local/domain/1/mine", "2"), EACCES);
}
END_TEST

START_TEST(test_quota_of_size)
{
    char value[XENSTORE_PAYLOAD_MAX] = "";
    size_t most = 2048 - 24 - 8 - 1; /* head, one permission, and less than the quota */

    memset(value, 'v', most);
    ck_assert_int_eq(guest_write(g, 0, "v", value), 0);
    memset(value, 'v', most + 1);
    ck_assert_int_eq(guest_write(g, 0, "v", value), ENOSPC);
    ck_assert_int_eq(guest_write(g, 0, "w", value), ENOSPC);
    ck_assert_ptr_null(xenstore_read(t->xs, 1, "w"));
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/v", value), 0);
    memset(value, 'v', sizeof(value) - 1);
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/v", value), E2BIG);
}
END_TEST

START_TEST(test_quota_of_watches)
{
    char body[32];
    int made = 0, error = 0;

    while (error == 0 && made < 500) {
        int bytes = snprintf(body, sizeof(body), "w%d", made);

        body[bytes + 1] = 't';
        body[bytes + 2] = '\0';
        error = guest_ask(g, XS_WATCH, 0, body, (size_t)bytes + 3);
        made += error == 0;
        if (error == 0)
            ck_assert(guest_read_message(g));
    }
    ck_assert_int_eq(error, E2BIG);
    ck_assert_int_eq(made, 129); /* xenstored compares with `>` */
}
END_TEST

START_TEST(test_quota_of_transactions)
{
    for (int i = 0; i < 11; i++)
        guest_begin(g);
    ck_assert_int_eq(ASK(g, XS_TRANSACTION_START, 0, ""), ENOSPC);
    ck_assert_uint_ne(guest_begin(h), 0);
}
END_TEST

START_TEST(test_reset_forgets_everything)
{
    ck_assert_int_eq(ASK(g, XS_WATCH, 0, "a\0t"), 0);
    expect_event(g, "a", "t");
    guest_begin(g);
    xenstore_reset(t->xs);
    ck_assert_ptr_null(xenstore_read(t->xs, 0, "/local"));
    ck_assert_str_eq(xenstore_read(t->xs, 0, "/"), "");
    ck_assert_int_eq(xenstore_write(t->xs, 0, "/local/domain/1/a", "1"), 0);
    ck_assert_str_eq(xenstore_read(t->xs, 0, "/local/domain/1/a"), "1");
}
END_TEST

START_TEST(test_many_domains)
{
    char path[64], names[8192];

    for (unsigned n = 3; n <= 1000; n++) {
        snprintf(path, sizeof(path), "/local/domain/%u/memory/target", n);
        for (int i = 0; i < 20; i++)
            ck_assert_int_eq(xenstore_write(t->xs, 0, path, "1"), 0);
    }
    ck_assert_uint_eq(
        xenstore_directory(t->xs, 0, "/local/domain", names, sizeof(names)), 9 * 2 + 90 * 3 + 900 * 4 + 5);
    ck_assert_str_eq(names + 2, "2");
    ck_assert_int_eq(xenstore_remove(t->xs, 0, "/local"), 0);
    ck_assert_int_eq(guest_write(g, 0, "x", "1"), EACCES);
}
END_TEST

Suite *xenstore_suite(void);

Suite *xenstore_suite(void)
{
    Suite *s = suite_create("xenstore");
    TCase *c = tcase_create("meaning");

    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, test_nodes_hold_values);
    tcase_add_test(c, test_removing_what_is_not_there);
    tcase_add_test(c, test_paths);
    tcase_add_test(c, test_bad_paths_are_noted);
    tcase_add_test(c, test_a_domains_home);
    tcase_add_test(c, test_relative_paths_stand_below_the_domain);
    tcase_add_test(c, test_directory_in_the_order_of_making);
    tcase_add_test(c, test_access_letters);
    tcase_add_test(c, test_memory_target_under_xl_is_read_only);
    tcase_add_test(c, test_absence_is_told_only_to_those_who_could_see);
    tcase_add_test(c, test_new_nodes_inherit);
    tcase_add_test(c, test_set_perms);
    tcase_add_test(c, test_set_perms_looks_at_them_first);
    tcase_add_test(c, test_perms_as_text);
    tcase_add_test(c, test_watch_fires_once_when_registered);
    tcase_add_test(c, test_watch_fires_at_and_below);
    tcase_add_test(c, test_same_value_fires_again);
    tcase_add_test(c, test_removal_fires_for_what_was_below);
    tcase_add_test(c, test_no_event_for_what_may_not_be_seen);
    tcase_add_test(c, test_own_writes_fire_before_the_answer);
    tcase_add_test(c, test_unwatch_and_reset);
    tcase_add_test(c, test_watches_go_with_the_domain);
    tcase_add_test(c, test_quota_of_nodes);
    tcase_add_test(c, test_nodes_of_a_transaction_count);
    tcase_add_test(c, test_nodes_looked_at_in_a_transaction);
    tcase_add_test(c, test_permissions_that_nobody_set);
    tcase_add_test(c, test_quota_of_size);
    tcase_add_test(c, test_quota_of_watches);
    tcase_add_test(c, test_quota_of_transactions);
    tcase_add_test(c, test_reset_forgets_everything);
    tcase_add_test(c, test_many_domains);
    suite_add_tcase(s, c);
    return s;
}
