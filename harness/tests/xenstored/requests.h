/* SPDX-License-Identifier: BSD-2-Clause */
/* What is asked of both xenstores: requests made up by chance, kept so that a run can be repeated without some of them. */
#ifndef HARNESS_TESTS_XENSTORED_REQUESTS_H
#define HARNESS_TESTS_XENSTORED_REQUESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define GUESTS              3u /* domains 1 to 3, and dom0 */
#define BODY_ROOM           4200u
#define NARROW_ROOM         64u
#define OPEN_MOST           16u
#define NO_TRANSACTION      UINT32_MAX
#define NO_SUCH_TRANSACTION (UINT32_MAX - 1) /* there is none of that number */

/* What happens to a domain; the request's body is its number. */
enum { LIFE_SHUTS_DOWN = 1000, LIFE_DIES, LIFE_IS_RELEASED, LIFE_COMES };

struct request {
    unsigned by;      /* 0: dom0 */
    uint32_t type;    /* of enum xsd_sockmsg_type, or LIFE_… */
    uint32_t started; /* in a transaction: the number of the request that began it */
    bool unread;      /* the guest leaves the answer where it is */
    bool deaf;        /* and also those to come, until it asks again */
    uint32_t bytes;
    char body[]; /* a NUL behind it */
};

/* A quota that one of the guests goes for. */
enum greed { NO_GREED, GREED_NODES, GREED_WATCHES, GREED_TRANSACTIONS, GREED_LOOKS };

/* What the next request depends on. */
struct maker {
    uint64_t random;
    uint32_t number;                      /* of requests made */
    uint32_t open[GUESTS + 1][OPEN_MOST]; /* the requests that began the transactions which are open */
    uint32_t opened[GUESTS + 1];
    enum greed greed;
    bool is_greedy;      /* the request that is being made goes for it */
    bool is_narrow;      /* few names, which are made and removed all the time, mostly in transactions */
    bool is_mortal;      /* domains come and go */
    bool is_remade;      /* the request that is being made makes again what a transaction removed: */
    unsigned removed_by; /* 0: nobody removed anything */
    uint32_t removed_in;
    uint32_t looked;                    /* nodes, in the greedy guest's transaction */
    char last[GUESTS + 1][NARROW_ROOM]; /* in a narrow episode: the path that each asked for last */
    bool is_gone[GUESTS + 1];
    uint32_t deaf_left; /* so many requests are still to come before the deaf guest reads its answers */
    unsigned deaf;
};

void maker_begin(struct maker *, uint64_t seed);
/* The caller frees. */
struct request *maker_next(struct maker *);
/* Tells how the last request was answered. */
void maker_answered(struct maker *, const struct request *, bool good);

const char *request_name(uint32_t type);
void request_print(FILE *, const struct request *, uint32_t number);
/* Bytes in quotes, what can't be printed escaped, and long ones cut. */
void bytes_print(FILE *, const char *bytes, size_t count);

#endif
