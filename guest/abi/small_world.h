/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small world: one part of a kernel, linked with services that are made for it, so that a program outside can try it in
 * every way that a few pages allow. Both sides of the wall include this. The world is a shared object with one visible
 * symbol, `small_world`; it knows the part's functions, what they promise, and what is wrong. The program outside
 * (harness/segments) knows none of that: it runs operations, keeps states and takes down what the world complains about.
 *
 * A state of a world is all the writable data of its shared object, and the used part of its arena. A world has no other.
 */
#ifndef GUEST_ABI_SMALL_WORLD_H
#define GUEST_ABI_SMALL_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SMALL_WORLD_MAGIC    0x424c5354574f5241ULL /* "BLSTWORA": the last byte counts its versions */
#define SMALL_WORLD_TEXT_MAX 200u                  /* bytes of a text with its NUL */
#define SMALL_WORLD_KEY_MAX  256u                  /* bytes of an abstract key */
#define SMALL_WORLD_BLOCKS \
    200000u /* basic blocks that one call of the part may run before it counts as a hang */

/* How the part's code ended without returning. */
enum small_world_stop {
    SMALL_WORLD_PANIC,
    SMALL_WORLD_HANG,
    SMALL_WORLD_SIGNAL,
    SMALL_WORLD_BROKEN /* it was left, since a hard rule was broken */
};

struct small_world_host {
    /* A rule is broken: its number, and what was wanted and seen. It returns when the rule is not hard. */
    void (*broken)(unsigned rule, const char *text);
    /* Leaves the operation or probe that runs. */
    __attribute__((noreturn)) void (*stop)(enum small_world_stop, const char *text);
    /* Is the state, byte for byte, the one from which the operation or probe that runs began? */
    bool (*unchanged)(void);
    char *arena; /* memory with nothing mapped in front of it and behind it, zeroed at first */
    size_t arena_bytes;
};

struct small_world_rule {
    const char *name, *text; /* text: a sentence that says what has to hold */
    bool ours;               /* the part's interface doesn't promise it: only our own implementation does */
    bool hard;               /* behind a state that breaks it nothing else is tried */
};

/* A way to set the world up. */
struct small_world_setup {
    const char *name; /* a few words */
    unsigned depth;   /* operations in a row; 0: until nothing new comes */
    bool by_abstract; /* a state is new when its abstract key is; otherwise when any byte of it is */
    bool unusual;     /* no kernel sets the part up like this: what is found counts as ours alone */
};

struct small_world {
    uint64_t magic;
    const char *name;
    const struct small_world_rule *rules;
    unsigned nr_rules;
    const struct small_world_setup *setups;
    unsigned nr_setups;

    /* Does the setup suit what this object was compiled with? */
    bool (*suits)(unsigned setup);
    /* The state before the first operation. Called once in a process. */
    void (*begin)(unsigned setup, const struct small_world_host *);
    unsigned (*operations)(void), (*probes)(void); /* how many there are, after begin */
    /* An operation that makes no sense in this state is not allowed, and a probe likewise. */
    bool (*allowed)(unsigned operation);
    bool (*probe_allowed)(unsigned probe);
    /* Runs it, with the n-th request for memory refused (0: none); how many requests there were. */
    unsigned (*run)(unsigned operation, unsigned refused);
    /* Asks everything that can be asked, and changes nothing. */
    void (*look)(void);
    /* Does more behind this state. What it leaves is thrown away. */
    void (*probe)(unsigned probe);
    /* What is left out of the state before it is compared: counters of the services. */
    void (*settle)(void);
    /* What matters of the state, in at most SMALL_WORLD_KEY_MAX bytes. */
    size_t (*abstract)(uint8_t *key);
    /* Complains, if there is reason to, that the operation or probe that ran last did not return. */
    void (*stopped)(enum small_world_stop, const char *text);
    /* Bytes of the arena that were ever in use on the way to this state. */
    size_t (*arena_used)(void);
    void (*name_operation)(unsigned operation, unsigned refused, char *text);
    void (*name_probe)(unsigned probe, char *text);

    /*
     * The same as statements in C, for a test that somebody keeps; NULL: there are none. rule: the one that the step breaks,
     * or no_rule. False: what breaks the rule can't be told so.
     */
    unsigned no_rule;
    void (*test_begin)(char *text);
    void (*test_operation)(unsigned operation, unsigned refused, unsigned rule, char *text);
    bool (*test_probe)(unsigned probe, unsigned rule, char *text);
    bool (*test_end)(unsigned rule, char *text);
};

extern const struct small_world small_world;

#endif
