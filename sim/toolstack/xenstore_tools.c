/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xenstore-read, -write, -rm, -list, -exists and -ls as dom0 runs them, with their texts. The real tools use a
 * transaction, so that of several writes all or none are done. Here nothing else can happen in between, so it is enough
 * to check first whether all can be done.
 */
#include "sim/toolstack/xenstore_tools.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xen/io/xs_wire.h>

#include "sim/machine.h"
#include "sim/xenstore/xenstore.h"

/* Prints a value as the tools do, with escapes for characters that can't be printed. */
static void say_value(struct command *c, const char *value)
{
    for (const unsigned char *p = (const unsigned char *)value; *p != '\0'; p++) {
        if (*p == '\\')
            say(c, "\\\\");
        else if (*p >= ' ' && *p <= '~')
            say(c, "%c", *p);
        else if (*p == '\n')
            say(c, "\\n");
        else if (*p == '\t')
            say(c, "\\t");
        else if (*p == '\r')
            say(c, "\\r");
        else
            say(c, "\\%03o", *p);
    }
}

static int tool_read(struct command *c, bool prefix)
{
    int last = 1;

    /* The error message is printed at once, the values only at the end. */
    while (last < c->argc && xenstore_read(c->xs, 0, c->argv[last]) != NULL)
        last++;
    if (last < c->argc)
        say(c, "xenstore-read: couldn't read path %s\n", c->argv[last]);
    for (int i = 1; i < last; i++) {
        if (prefix)
            say(c, "%s: ", c->argv[i]);
        say_value(c, xenstore_read(c->xs, 0, c->argv[i]));
        say(c, "\n");
    }
    return last < c->argc ? EXIT_FAIL : EXIT_OK;
}

static int tool_write(struct command *c, bool unused)
{
    (void)unused;
    assert(c->argc % 2 == 1);
    for (int i = 1; i < c->argc; i += 2) {
        if (!xenstore_path_valid(0, c->argv[i]) ||
            strlen(c->argv[i]) + 1 + strlen(c->argv[i + 1]) > XENSTORE_PAYLOAD_MAX) {
            say(c, "xenstore-write: could not write path %s\n", c->argv[i]);
            return EXIT_FAIL;
        }
    }
    for (int i = 1; i < c->argc; i += 2) {
        if (xenstore_write(c->xs, 0, c->argv[i], c->argv[i + 1]) != 0) {
            say(c, "xenstore-write: could not write path %s\n", c->argv[i]);
            return EXIT_FAIL;
        }
    }
    return EXIT_OK;
}

/* xenstore-rm -t: removes the nodes above as well, as long as they have no value and no children left. */
static void tidy(struct command *c, char *path)
{
    char *slash;

    while ((slash = strrchr(path, '/')) != NULL && slash != path) {
        const char *value;

        *slash = '\0';
        value = xenstore_read(c->xs, 0, path);
        if (value == NULL || value[0] != '\0' || xenstore_directory(c->xs, 0, path, NULL, 0) != 0)
            return;
        xenstore_remove(c->xs, 0, path);
    }
}

static int tool_rm(struct command *c, bool is_tidy)
{
    for (int i = 1; i < c->argc; i++) {
        if (xenstore_remove(c->xs, 0, c->argv[i]) != 0) {
            say(c, "xenstore-rm: could not remove path %s\n", c->argv[i]);
            return EXIT_FAIL;
        }
        if (is_tidy)
            tidy(c, c->argv[i]);
    }
    return EXIT_OK;
}

static int tool_exists(struct command *c, bool unused)
{
    (void)unused;
    for (int i = 1; i < c->argc; i++)
        if (xenstore_read(c->xs, 0, c->argv[i]) == NULL)
            return EXIT_FAIL;
    return EXIT_OK;
}

/* The names below path, one after the other; the caller frees. NULL: no such node. */
static char *directory(struct command *c, const char *path, size_t *bytes)
{
    char *names;

    *bytes = xenstore_directory(c->xs, 0, path, NULL, 0);
    if (*bytes == SIZE_MAX)
        return NULL;
    names = malloc(*bytes + 1);
    if (names == NULL)
        machine_lacks_memory(c->machine);
    else if (xenstore_directory(c->xs, 0, path, names, *bytes) == SIZE_MAX)
        *bytes = 0; /* there is no memory, and nothing to read */
    return names;
}

static int tool_list(struct command *c, bool prefix)
{
    for (int i = 1; i < c->argc; i++) {
        size_t bytes;
        char *names = directory(c, c->argv[i], &bytes);

        if (names == NULL) {
            say(c, "xenstore-list: could not list path %s\n", c->argv[i]);
            return EXIT_FAIL;
        }
        for (const char *name = names; name < names + bytes; name += strlen(name) + 1)
            say(c, "%s%s%s\n", prefix ? c->argv[i] : "", prefix ? "/" : "", name);
        free(names);
    }
    return EXIT_OK;
}

/* Everything below path, one blank of indent a level. False: no such node. */
static bool tree(struct command *c, const char *path, int depth, bool whole_path)
{
    size_t bytes, path_bytes = strlen(path);
    char *names = directory(c, path, &bytes);

    if (names == NULL)
        return false;
    for (const char *name = names; name < names + bytes; name += strlen(name) + 1) {
        char *child = malloc(path_bytes + strlen(name) + 2);

        if (child == NULL) {
            machine_lacks_memory(c->machine);
            break;
        }
        snprintf(child, path_bytes + strlen(name) + 2, "%s%s%s", path, path[1] == '\0' ? "" : "/", name);
        if (whole_path)
            say(c, "%s = \"", child);
        else
            say(c, "%*s%s = \"", depth, "", name);
        say_value(c, xenstore_read(c->xs, 0, child));
        say(c, "\"\n");
        tree(c, child, depth + 1, whole_path);
        free(child);
    }
    free(names);
    return true;
}

static int tool_ls(struct command *c, bool whole_path)
{
    const char *path = c->argc > 1 ? c->argv[1] : "/";

    if (tree(c, path, 0, whole_path))
        return EXIT_OK;
    say(c, "xenstore-ls: xs_directory (%s): No such file or directory\n", path);
    return EXIT_FAIL;
}

static const struct tool {
    const char *name;
    int (*run)(struct command *, bool option);
    const char *usage;
    const char *options;       /* all have h and s; the first one is the one that means something here */
    int words_min, words_step; /* of its arguments: at least so many, and a multiple of the step */
} tools[] = {
    {"read", tool_read, "[-h] [-p] [-s] [-R] key [...]", "psR", 1, 1},
    {"write", tool_write, "[-h] [-s] [-R] key value [...]", "sR", 2, 2},
    {"rm", tool_rm, "[-h] [-s] [-t] key [...]", "ts", 1, 1},
    {"exists", tool_exists, "[-h] [-p] [-s] key [...]", "ps", 1, 1},
    {"list", tool_list, "[-h] [-p] [-s] key [...]", "ps", 1, 1},
    {"ls", tool_ls, "[-h] [-f] [-p] [-s] [path]", "fs", 0, 1},
};

int xenstore_tool_run(struct command *c)
{
    const char *name = c->argv[0];

    if (strncmp(name, "xenstore-", 9) != 0)
        return -1;
    for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++) {
        const struct tool *tool = &tools[i];
        unsigned given = 0;
        size_t before = c->used;

        if (strcmp(tool->name, name + 9) != 0)
            continue;
        if (options_take(c, tool->options, &given) && c->argc - 1 >= tool->words_min &&
            (c->argc - 1) % tool->words_step == 0)
            return tool->run(c, (given & 1) != 0);
        c->used = before; /* the tools answer a bad option with their usage alone */
        say(c, "%s: Usage: %s %s\n", name, name, tool->usage);
        return EXIT_FAIL;
    }
    return -1;
}
