/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The statements' words: the one table that the parser's dispatch, its "expected one of" and
 * docs/scenario.md read. A word in capitals stands for a name.
 *
 *   X(ID, USE, "word", "form", "meaning")
 *
 * USE  HELD: `on` and `every` may hold such a statement behind their colon; ALONE: they may not. SHAPES: it is no statement,
 *      but says which lines are done. A domain may be called so, for scenarios are older than these words.
 */
#ifndef HARNESS_LANGUAGE_WORDS_H
#define HARNESS_LANGUAGE_WORDS_H

#define STATEMENT_WORDS(X) \
    X(LANGUAGE, ALONE, "language", "language 1", "first line of every scenario") \
    X(HOST, ALONE, "host", \
        "host [mem=SIZE] [toolstack=NAME] [xen=VERSION] [scrub-domheap] [schedule=seeded|fixed] " \
        "[e820=\"FROM..TO[:TYPE] ...\"]", \
        "the machine under the domains") \
    X(DOMAIN, ALONE, "domain", \
        "domain NAME kernel=NAME memory=SIZE [maxmem=SIZE] [p2m=maxmem|exact|SIZE] [videoram=SIZE] " \
        "[cmdline=\"TEXT\"] [start=yes|no] [type=pv|pvh|hvm] [role=dom0|bare-dom0] " \
        "[e820=none|xl|host|\"FROM..TO[:TYPE] " \
        "...\"]", \
        "a domain, or with NAME[1..50] fifty of them") \
    X(NEEDS, ALONE, "needs", "needs FEATURE", \
        "the kernel of the domain above has it, else the scenario is skipped") \
    X(BOOT_MAP, ALONE, "boot-map", "boot-map DOM FROM..TO [avail=FROM..TO] [freelist=N] [FROM..TO ...]", \
        "which pfns the domain's boot memory takes; what is between two ranges is a hole") \
    X(LET, SHAPES, "let", "let NAME = TEXT", "from here on {NAME} in a line stands for the text") \
    X(REPEAT, SHAPES, "repeat", "repeat N|NAME = FROM..TO", "the lines up to its `end`, again and again") \
    X(END, SHAPES, "end", "end", "ends the lines of a repeat") \
    X(INCLUDE, SHAPES, "include", "include FILE.inc", \
        "the lines of another file, named from this one's folder") \
    X(XL, HELD, "xl", "xl COMMAND ...", "a command of dom0's xl, as typed there") \
    X(XM, HELD, "xm", "xm COMMAND ...", "a command of dom0's xm, as typed there (toolstack=xm)") \
    X(XENSTORE_READ, HELD, "xenstore-read", "xenstore-read PATH", "reads a node, as dom0") \
    X(XENSTORE_WRITE, HELD, "xenstore-write", "xenstore-write PATH VALUE", "writes a node, as dom0") \
    X(XENSTORE_RM, HELD, "xenstore-rm", "xenstore-rm PATH", "removes a node, as dom0") \
    X(XENSTORE_EXISTS, HELD, "xenstore-exists", "xenstore-exists PATH", "is there such a node?") \
    X(XENSTORE_LIST, HELD, "xenstore-list", "xenstore-list PATH", "the names below a node") \
    X(XENSTORE_LS, HELD, "xenstore-ls", "xenstore-ls [PATH]", "the tree below a node") \
    X(GUEST, HELD, "DOM$", "DOM$ COMMAND ... [== VALUE] [-> STATUS]", "a command typed inside the domain") \
    X(CALL, HELD, "DOM call", "DOM call FUNCTION [NAME=NUMBER ...] [-> true|false|NUMBER]", \
        "calls one function of the guest's kernel") \
    X(PROBE, ALONE, "DOM hypercall", \
        "DOM hypercall|map|unmap|write|read|m2p|touch|frame|last WORDS ... [-> NUMBER]", \
        "a raw hypercall of a domain with kernel=probe") \
    X(FAULT, HELD, "fault", \
        "fault DOM SITE call=N|page=N|every=N|chance=N% [once|times=K|sticky] [short=N] [errno=E] [by=T]", \
        "from here on, refuse at this site") \
    X(HEAL, HELD, "heal", "heal DOM [SITE]", "disarms the domain's faults, or those of one site") \
    X(SETTLE, ALONE, "settle", "settle [within TIME]", "waits until all is at rest") \
    X(EXPECT, HELD, "expect", \
        "expect [within TIME] [for TIME] CONDITION | refused \"TEXT\" | violation [DOM] INVARIANT | crash " \
        "[DOM] " \
        "[\"TEXT\"]", \
        "what must hold here, or what must have happened") \
    X(ALWAYS, ALONE, "always", "always CONDITION", "what must hold after every event from here on") \
    X(ON, ALONE, "on", "on DOM SITE call=N|page=N|every=N|chance=N% enter|return: STATEMENT", \
        "does something in the middle of a call") \
    X(EVERY, ALONE, "every", "every TIME for TIME: STATEMENT", "does something again and again")

enum statement_use { STATEMENT_HELD, STATEMENT_ALONE, STATEMENT_SHAPES };

enum statement_word {
#define X(id, use, word, form, meaning) WORD_##id,
    STATEMENT_WORDS(X)
#undef X
        NR_STATEMENT_WORDS
};

#endif
