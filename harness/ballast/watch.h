/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `ballast replay --watch`: the same command again each time one of its files has changed, until it is ended: a scenario, a
 * file that one includes, or one of a user's files.
 */
#ifndef HARNESS_BALLAST_WATCH_H
#define HARNESS_BALLAST_WATCH_H

struct replay_options;

/* The command's arguments as main has them, with --watch among them. Returns only when it can't go on, with an exit code. */
int watch_replay(const struct replay_options *, int count, const char **arguments);

#endif
