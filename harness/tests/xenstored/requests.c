/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes up requests. Names come from short lists, so that paths often coincide, and most requests are such as a driver or a
 * toolstack makes; a few are odd in each way that we could think of.
 */
#include "harness/tests/xenstored/requests.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

#include <xen/io/xs_wire.h>

#include "sim/random.h"

/* How often each is asked for by a guest, and by dom0. */
static const struct kind {
    uint32_t type;
    unsigned guest, dom0;
    const char *name;
} kinds[] = {
    {XS_READ, 20, 10, "READ"},
    {XS_WRITE, 24, 20, "WRITE"},
    {XS_MKDIR, 8, 8, "MKDIR"},
    {XS_RM, 7, 5, "RM"},
    {XS_DIRECTORY, 10, 8, "DIRECTORY"},
    {XS_DIRECTORY_PART, 3, 0, "DIRECTORY_PART"},
    {XS_GET_PERMS, 6, 0, "GET_PERMS"},
    {XS_SET_PERMS, 8, 8, "SET_PERMS"},
    {XS_WATCH, 7, 0, "WATCH"},
    {XS_UNWATCH, 4, 0, "UNWATCH"},
    {XS_RESET_WATCHES, 1, 0, "RESET_WATCHES"},
    {XS_TRANSACTION_START, 7, 0, "TRANSACTION_START"},
    {XS_TRANSACTION_END, 7, 0, "TRANSACTION_END"},
    {XS_GET_DOMAIN_PATH, 2, 0, "GET_DOMAIN_PATH"},
    {XS_IS_DOMAIN_INTRODUCED, 1, 0, "IS_DOMAIN_INTRODUCED"},
    {XS_CONTROL, 1, 0, "CONTROL"},
    {XS_INTRODUCE, 1, 0, "INTRODUCE"},
    {XS_RELEASE, 1, 0, "RELEASE"},
    {XS_RESUME, 1, 0, "RESUME"},
    {XS_SET_TARGET, 1, 0, "SET_TARGET"},
    {XS_SET_TARGET + 1, 1, 0, "RESTRICT"},
    {XS_TYPE_COUNT, 1, 0, "one that there is not"},
    {XS_WATCH_EVENT, 0, 0, "WATCH_EVENT"},
    {XS_ERROR, 0, 0, "ERROR"},
    {LIFE_SHUTS_DOWN, 0, 0, "finds that a domain has shut down:"},
    {LIFE_DIES, 0, 0, "finds that a domain is dead:"},
    {LIFE_IS_RELEASED, 0, 0, "releases a dead domain:"},
    {LIFE_COMES, 0, 0, "introduces a domain:"},
};

#define GREEDY 1u /* the guest that goes for a quota */
#define DEAF_LEAST \
    60u /* requests in a row whose answers are left unread: the ring is full then, and 20 more wait */
#define LOOKED_NEAR \
    900u /* nodes looked at in a transaction, as far as one can tell from here: the quota is near */
#define LOOKED_PAST 1100u
#define NR_KINDS    (sizeof kinds / sizeof kinds[0])

const char *request_name(uint32_t type)
{
    for (size_t i = 0; i < NR_KINDS; i++)
        if (kinds[i].type == type)
            return kinds[i].name;
    return "?";
}

void bytes_print(FILE *out, const char *bytes, size_t count)
{
    const size_t most = 160;

    fputc('"', out);
    for (size_t i = 0; i < count && i < most; i++) {
        if (bytes[i] >= ' ' && bytes[i] <= '~')
            fputc(bytes[i], out);
        else
            fprintf(out, "\\x%02x", (unsigned char)bytes[i]);
    }
    fprintf(out, count > most ? "...\" (%zu bytes)" : "\"", count);
}

void request_print(FILE *out, const struct request *r, uint32_t number)
{
    fprintf(out, "  %u: dom%u %s ", number, r->by, request_name(r->type));
    bytes_print(out, r->body, r->bytes);
    if (r->started == NO_SUCH_TRANSACTION)
        fputs(" in a transaction that there is not", out);
    else if (r->started != NO_TRANSACTION)
        fprintf(out, " in the transaction of %u", r->started);
    fputs(r->unread ? " (the answer is left unread)\n" : "\n", out);
}

/* ---- chance -------------------------------------------------------------------------------------- */

static uint32_t below(struct maker *m, uint32_t end)
{
    return (uint32_t)(random_next(&m->random) >> 32) % end;
}

static bool one_in(struct maker *m, uint32_t count)
{
    return below(m, count) == 0;
}

#define PICK(m, list) ((list)[below(m, sizeof(list) / sizeof((list)[0]))])

/* ---- bodies -------------------------------------------------------------------------------------- */

struct body {
    uint32_t bytes;
    char text[BODY_ROOM];
};

static void add(struct body *b, const char *text)
{
    for (; *text != '\0' && b->bytes < BODY_ROOM - 1; text++)
        b->text[b->bytes++] = *text;
}

static void add_part(struct body *b, const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes && b->bytes < BODY_ROOM - 1; i++)
        b->text[b->bytes++] = text[i];
}

static void add_number(struct body *b, uint32_t number)
{
    char digits[16];

    snprintf(digits, sizeof digits, "%u", number);
    add(b, digits);
}

static void end_string(struct body *b)
{
    if (b->bytes < BODY_ROOM)
        b->text[b->bytes++] = '\0';
}

static void add_repeated(struct body *b, char letter, uint32_t count)
{
    for (uint32_t i = 0; i < count && b->bytes < BODY_ROOM - 1; i++)
        b->text[b->bytes++] = letter;
}

static const char *const names[] = {"a", "b", "c", "data", "state"};

static void add_names(struct maker *m, struct body *b)
{
    static const uint32_t depths[] = {1, 1, 1, 1, 1, 2, 2, 3};

    for (uint32_t i = m->is_narrow ? 1 + below(m, 2) : PICK(m, depths); i > 0; i--) {
        add(b, m->is_narrow ? names[below(m, 2)] : PICK(m, names));
        if (i > 1)
            add(b, "/");
    }
    if (m->is_greedy) {
        add(b, "/n");
        add_number(b, below(m, 2000));
        const uint32_t most = m->greed == GREED_WATCHES ? 0 : m->greed == GREED_LOOKS ? 40 : 60;
        const bool near = m->greed == GREED_LOOKS && m->looked > LOOKED_NEAR; /* then one by one */
        const uint32_t deep = near ? 0 : one_in(m, 3) ? below(m, 3) : below(m, most + 1);
        for (uint32_t i = deep; i > 0; i--)
            add(b, "/x"); /* so many nodes at once */
        m->looked += deep + 1;
    }
}

static void add_home(struct body *b, unsigned domid)
{
    add(b, "/local/domain/");
    add_number(b, domid);
}

/* What no driver would ask for, and what is longer than allowed or just not. */
static void add_odd_path(struct maker *m, struct body *b)
{
    static const char *const odd[] = {"", "/", "//", "a/", "a//b", "/a/", "/local", "/local/domain", "/tool",
        "/nowhere", "@introduceDomain", "@releaseDomain", "@other", "@", "a@b", "a b", "a.b", "a\x80", "-",
        "_", "a:b", "/s/../a"};
    static const uint32_t lengths[] = {255, 1023, 1024, 2030, 2047, 2048, 2049, 3071, 3072, 3073};

    if (!one_in(m, 8)) {
        add(b, PICK(m, odd));
        return;
    }
    if (one_in(m, 2))
        add(b, "/");
    add_repeated(b, 'x', PICK(m, lengths) - b->bytes);
}

static const char *const lifetime_paths[] = {"@introduceDomain", "@releaseDomain"};

static void add_path(struct maker *m, struct body *b, unsigned by, uint32_t type)
{
    const uint32_t which = below(m, 100), begins = b->bytes;

    if (m->is_mortal && type == XS_WATCH && one_in(m, 2)) {
        add(b, PICK(m, lifetime_paths));
        return;
    }
    if (m->is_narrow && m->last[by][0] != '\0' && (m->is_remade || one_in(m, 3))) {
        const char *slash = type == XS_DIRECTORY ? strrchr(m->last[by], '/') : NULL;
        if (type == XS_DIRECTORY && slash == NULL && by != 0)
            add_home(b, by);
        else if (slash != NULL && slash != m->last[by])
            add_part(b, m->last[by], (size_t)(slash - m->last[by]));
        else
            add(b, m->last[by]);
        return;
    }
    if (which < 5) {
        add_odd_path(m, b);
    } else if (which < 75 && by != 0) {
        add_names(m, b); /* below its own home */
    } else if (which < 78 && (type != XS_RM || one_in(m, 20))) {
        add_home(b, below(m, GUESTS + 2));
    } else {
        if (which < 85)
            add(b, "/s");
        else
            add_home(b, which < 95 && by != 0 ? by : 1 + below(m, GUESTS));
        add(b, "/");
        add_names(m, b);
    }
    if (b->bytes - begins < NARROW_ROOM)
        snprintf(m->last[by], NARROW_ROOM, "%.*s", (int)(b->bytes - begins), b->text + begins);
}

static void add_value(struct maker *m, struct body *b)
{
    static const char *const values[] = {"", "1", "2", "hello", "65536", "a\nb"};
    static const uint32_t lengths[] = {100, 1000, 1900, 2000, 2007, 2008, 2010, 2015, 2016, 2020, 3000};

    if (one_in(m, 30))
        add_repeated(b, 'v', PICK(m, lengths));
    else
        add(b, PICK(m, values));
    if (one_in(m, 20))
        end_string(b); /* a value is bytes, and this one has a NUL in it */
}

static void add_perms(struct maker *m, struct body *b, unsigned by)
{
    static const char letters[] = "nrwb";
    const uint32_t count = one_in(m, 30) ? 5 + below(m, 3) : 1 + below(m, 3);

    for (uint32_t i = 0; i < count; i++) {
        const char letter[2] = {one_in(m, 60) ? 'x' : letters[below(m, 4)], '\0'};
        add(b, letter);
        if (!one_in(m, 100))
            add_number(b, i == 0 && !one_in(m, 10) && by != 0 ? by : below(m, GUESTS + (by != 0 ? 2 : 1)));
        end_string(b);
    }
}

static void add_token(struct maker *m, struct body *b)
{
    add(b, "t");
    add_number(b, m->is_greedy ? below(m, 200) : below(m, 3));
}

static void fill(struct maker *m, struct body *b, const struct request *r)
{
    switch (r->type) {
    case XS_TRANSACTION_START:
    case XS_RESET_WATCHES:
        break;
    case XS_TRANSACTION_END:
        add(b, one_in(m, 30) ? "X" : one_in(m, 4) ? "F" : "T");
        break;
    case XS_GET_DOMAIN_PATH:
    case XS_IS_DOMAIN_INTRODUCED:
    case XS_RELEASE:
    case XS_RESUME:
        add_number(b, one_in(m, 10) ? 32750 + below(m, 5) : below(m, GUESTS + 2));
        break;
    case XS_WRITE:
        add_path(m, b, r->by, r->type);
        end_string(b);
        add_value(m, b);
        return;
    case XS_SET_PERMS:
        add_path(m, b, r->by, r->type);
        end_string(b);
        add_perms(m, b, r->by);
        return;
    case XS_WATCH:
    case XS_UNWATCH:
        add_path(m, b, r->by, r->type);
        end_string(b);
        add_token(m, b);
        break;
    case XS_DIRECTORY_PART:
        add_path(m, b, r->by, r->type);
        end_string(b);
        add_number(b, one_in(m, 2) ? 0 : below(m, 12));
        break;
    default:
        add_path(m, b, r->by, r->type);
        break;
    }
    end_string(b);
}

/*
 * One in some requests is malformed: without its last byte, with one more, or empty. Not those of one path: what xenstored 4.17
 * answers then depends on what it did before.
 */
static void deform(struct maker *m, struct body *b, uint32_t type)
{
    if (type == XS_READ || type == XS_DIRECTORY || type == XS_GET_PERMS || type == XS_MKDIR ||
        type == XS_RM || !one_in(m, 60))
        return;
    switch (below(m, 3)) {
    case 0:
        b->bytes -= b->bytes > 0;
        break;
    case 1:
        end_string(b);
        break;
    default:
        b->bytes = 0;
        break;
    }
}

static uint32_t choose(struct maker *m, bool dom0)
{
    uint32_t all = 0, chosen;

    for (size_t i = 0; i < NR_KINDS; i++)
        all += dom0 ? kinds[i].dom0 : kinds[i].guest;
    chosen = below(m, all);
    for (size_t i = 0; i < NR_KINDS; i++) {
        const uint32_t weight = dom0 ? kinds[i].dom0 : kinds[i].guest;
        if (chosen < weight)
            return kinds[i].type;
        chosen -= weight;
    }
    return XS_READ;
}

void maker_begin(struct maker *m, uint64_t seed)
{
    *m = (struct maker){.random = seed};
    m->greed = seed % 2 == 0 ? NO_GREED : 1 + seed / 2 % GREED_LOOKS; /* each in turn */
    m->is_narrow = seed % 4 == 0;
    m->is_mortal = seed % 3 == 0;
}

/* What a greedy guest asks for, most of the time. */
static uint32_t greedy_type(struct maker *m)
{
    static const uint32_t types[] = {[GREED_WATCHES] = XS_WATCH, [GREED_TRANSACTIONS] = XS_TRANSACTION_START};

    if (m->greed == GREED_LOOKS && m->opened[GREEDY] == 0)
        return XS_TRANSACTION_START;
    if (m->greed == GREED_LOOKS && one_in(m, 2))
        return one_in(m, m->looked > LOOKED_PAST ? 10 : 400) ? XS_TRANSACTION_END : XS_READ;
    return m->greed == GREED_NODES || m->greed == GREED_LOOKS ? (one_in(m, 2) ? XS_WRITE : XS_MKDIR)
                                                              : types[m->greed];
}

/* In a narrow episode: what makes nodes anew, and what shows in which order they stand. */
static uint32_t narrow_type(struct maker *m)
{
    static const uint32_t types[] = {XS_MKDIR, XS_WRITE, XS_RM, XS_RM, XS_DIRECTORY, XS_WATCH,
        XS_TRANSACTION_START, XS_TRANSACTION_END, XS_SET_PERMS, XS_READ};

    return PICK(m, types);
}

/*
 * A guest asks and asks, and reads no answer: its ring is full then, answers wait, and the requests behind them are not read.
 * That shows by what dom0 writes meanwhile. Nothing else happens, for what has events of its own comes in another order here.
 */
static bool begin_deaf(struct maker *m, struct request *head)
{
    static const uint32_t types[] = {XS_READ, XS_READ, XS_DIRECTORY, XS_GET_PERMS};

    if (m->deaf_left == 0 && one_in(m, 400)) {
        m->deaf = 1 + below(m, GUESTS);
        m->deaf_left = DEAF_LEAST + below(m, DEAF_LEAST);
    }
    if (m->deaf_left == 0)
        return false;
    m->deaf_left--;
    m->is_greedy = false;
    head->by = m->deaf_left > 0 && one_in(m, 4) ? 0 : m->deaf;
    head->type = head->by == 0 ? XS_WRITE : PICK(m, types);
    head->unread = head->deaf =
        head->by != 0 && m->deaf_left > 0; /* the last answer is read, with all before it */
    return true;
}

/* A domain shuts down, dies, or comes again, or dom0 says who hears of it. False: none of that. */
static bool begin_life(struct maker *m, struct request *head, struct body *b)
{
    const unsigned domid = 1 + below(m, GUESTS);

    if (!m->is_mortal || m->deaf_left > 0 || !one_in(m, 16))
        return false;
    if (one_in(m, 3)) {
        head->type = XS_SET_PERMS;
        add(b, PICK(m, lifetime_paths));
        end_string(b);
        add(b, one_in(m, 2) ? "n0" : "r0");
        end_string(b);
        add(b, one_in(m, 4) ? "w" : "r");
        add_number(b, domid);
        end_string(b);
        return true;
    }
    head->type = m->is_gone[domid] ? LIFE_COMES
                 : one_in(m, 2)    ? LIFE_SHUTS_DOWN
                 : one_in(m, 2)    ? LIFE_DIES
                                   : LIFE_IS_RELEASED;
    if (head->type != LIFE_SHUTS_DOWN) {
        m->is_gone[domid] = head->type != LIFE_COMES;
        m->opened[domid] = 0;
        if (m->removed_by == domid)
            m->removed_by = 0;
    }
    add_number(b, domid);
    end_string(b);
    return true;
}

/* Who asks, what, and in which transaction. In a narrow episode, what a transaction removed is often made again in it. */
static void begin(struct maker *m, struct request *head)
{
    const bool looks = m->greed == GREED_LOOKS;

    m->is_remade = m->is_narrow && m->removed_by != 0 && one_in(m, 2);
    if (m->is_remade) {
        *head = (struct request){
            .by = m->removed_by, .type = one_in(m, 2) ? XS_WRITE : XS_MKDIR, .started = m->removed_in};
        m->removed_by = 0;
        return;
    }
    m->is_greedy = m->greed != NO_GREED && one_in(m, 2);
    head->by = m->is_greedy ? GREEDY : one_in(m, 6) ? 0 : 1 + below(m, GUESTS);
    head->type = m->is_greedy                                     ? greedy_type(m)
                 : m->is_narrow && head->by != 0 && !one_in(m, 3) ? narrow_type(m)
                                                                  : choose(m, head->by == 0);
    head->unread = head->by != 0 && one_in(m, 12);
    if (m->is_narrow && head->type == XS_TRANSACTION_START && m->opened[head->by] > 0)
        head->type = XS_RM; /* one at a time, in which more happens */
    const bool is_inside = head->type == XS_TRANSACTION_END ||
                           (m->is_greedy ? looks : one_in(m, 2) || (m->is_narrow && one_in(m, 2)));
    if (is_inside && m->opened[head->by] > 0)
        head->started = m->open[head->by][below(m, m->opened[head->by])];
    else if (head->type == XS_TRANSACTION_END && !one_in(m, 20))
        head->type = XS_TRANSACTION_START;
    if (head->by != 0 && one_in(m, 50))
        head->started = NO_SUCH_TRANSACTION;
    if (head->type == XS_RM && head->started != NO_TRANSACTION)
        m->removed_by = head->by, m->removed_in = head->started;
    if (head->type == XS_TRANSACTION_START && m->is_greedy)
        m->looked = 0;
}

/* Who is gone asks nothing: it comes again. */
static void come_again(struct maker *m, struct request *head, struct body *b)
{
    const unsigned domid = head->by;

    m->is_gone[domid] = false;
    m->deaf_left = 0;
    *head = (struct request){.type = LIFE_COMES, .started = NO_TRANSACTION};
    b->bytes = 0;
    add_number(b, domid);
    end_string(b);
}

struct request *maker_next(struct maker *m)
{
    struct body b = {0};
    struct request head = {.started = NO_TRANSACTION}, *r;

    const bool is_life = begin_life(m, &head, &b), is_deaf = !is_life && begin_deaf(m, &head);
    if (!is_deaf && !is_life)
        begin(m, &head);
    if (is_deaf && head.by == 0) {
        add_home(&b, m->deaf);
        add(&b, "/");
    }
    if (is_deaf) {
        add(&b, names[below(m, 2)]);
        end_string(&b);
        if (head.by == 0)
            add(&b, one_in(m, 2) ? "1" : "2");
    } else if (!is_life) {
        fill(m, &b, &head);
    }
    /* What xenstored answers to it depends on what it did before. */
    if (!is_life && head.type == XS_SET_PERMS && b.text[0] == '@')
        b.text[0] = 'q';
    if (head.by != 0 && !is_deaf)
        deform(m, &b, head.type);
    if (head.by != 0 && !is_deaf && one_in(m, 4000))
        add_repeated(
            &b, 'x', XENSTORE_PAYLOAD_MAX + 1 - b.bytes); /* longer than any may be: it is served no more */
    if (head.by == 0 && b.bytes > XENSTORE_PAYLOAD_MAX)
        b.bytes = XENSTORE_PAYLOAD_MAX; /* else xenstored hangs up on dom0 */
    if (head.by != 0 && m->is_gone[head.by])
        come_again(m, &head, &b);
    r = calloc(1, sizeof *r + b.bytes + 1);
    if (r == NULL)
        err(9, "a request");
    *r = head;
    r->bytes = b.bytes;
    memcpy(r->body, b.text, b.bytes);
    m->number++;
    return r;
}

static void forget(struct maker *m, unsigned by, uint32_t started)
{
    for (uint32_t i = 0; i < m->opened[by]; i++)
        if (m->open[by][i] == started)
            m->open[by][i--] = m->open[by][--m->opened[by]];
}

void maker_answered(struct maker *m, const struct request *r, bool good)
{
    if (r->type == XS_TRANSACTION_START && good && m->opened[r->by] < OPEN_MOST)
        m->open[r->by][m->opened[r->by]++] = m->number - 1;
    else if (r->type == XS_TRANSACTION_END && (good || (r->bytes == 2 && r->body[0] == 'T')))
        forget(m, r->by, r->started);
    else if (r->type == XS_RESET_WATCHES && good)
        m->opened[r->by] = 0;
}
