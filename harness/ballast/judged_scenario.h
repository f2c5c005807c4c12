/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose files a verdict is about when there is no recording that says so: those of the kernels that the scenario names.
 */
#ifndef HARNESS_BALLAST_JUDGED_SCENARIO_H
#define HARNESS_BALLAST_JUDGED_SCENARIO_H

struct recipe;
struct scenario_input;

/*
 * input: the scenario's text, if it is in no file; else NULL. instead: the kernel that runs in place of each domain's own,
 * or NULL. "" when no kernel has files, or the scenario can't be read. A malloc'd string; NULL: no memory.
 */
char *judged_scenario(const char *path, const struct scenario_input *input, const char *instead);

/*
 * Of the guests' folder, for what belongs to no scenario. It has copies of other kernels, too: those count whose files are parts of
 * the recipe. recipe NULL, or none has such files: the first that has any.
 */
char *judged_guests(const struct recipe *recipe);

#endif
