/* SPDX-License-Identifier: BSD-2-Clause */
/* The files of one kind in a folder that a user names in place of a file: scenarios (.scn), recordings (.rec). */
#ifndef HARNESS_BALLAST_FOLDER_FILES_H
#define HARNESS_BALLAST_FOLDER_FILES_H

#include "harness/builder/words.h"

/* Those in the folder and in all folders in it, by name. False, with a sentence in error: a folder can't be read, or is too deep to
 * be looked into, so that some may be missing. */
bool folder_files_in(
    struct words *found, const char *folder, const char *ending, char *error, size_t error_bytes);
/*
 * Adds the name, or what it stands for when it is a folder. False, with a sentence in error; also for a folder without any,
 * which is said of `what` they are.
 */
bool folder_files_add(struct words *found, const char *name, const char *ending, const char *what,
    char *error, size_t error_bytes);

#endif
