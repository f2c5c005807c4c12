/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The commands that main.c dispatches to. arguments[0] is the command's name; each returns the exit code.
 */
#ifndef HARNESS_BALLAST_COMMANDS_H
#define HARNESS_BALLAST_COMMANDS_H

int command_replay(int count, const char **arguments);
int command_check(int count, const char **arguments);
int command_check_driver(int count, const char **arguments);
int command_check_segments(int count, const char **arguments);
int command_build(int count, const char **arguments);
int command_from_make(int count, const char **arguments);
int command_list(int count, const char **arguments);
int command_explain(int count, const char **arguments);
int command_xen_fuzz(int count, const char **arguments);
int command_compare(int count, const char **arguments);
int command_diff(int count, const char **arguments);
int command_show(int count, const char **arguments);
int command_report(int count, const char **arguments);

#endif
