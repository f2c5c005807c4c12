/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the guests' shared objects lie: beside the program in a build, under lib/ballast in an
 * installation, or where BALLAST_GUESTS says (the Makefile does for a user's own drivers).
 */
#include "harness/image/image.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_folder_of(const char *program_folder, const char *below, char *out, size_t out_bytes)
{
    int length = snprintf(out, out_bytes, "%s/%s", program_folder, below);

    return length > 0 && (size_t)length < out_bytes && access(out, X_OK) == 0;
}

const char *image_folder(void)
{
    static char folder[PATH_MAX];
    const char *said = getenv("BALLAST_GUESTS");
    char program[PATH_MAX];

    if (said != NULL && *said != 0)
        return said;
    if (folder[0] != 0)
        return folder;
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0)
        return "build/guest";
    program[length] = 0;
    char *slash = strrchr(program, '/');
    if (slash != NULL)
        *slash = 0;
    if (!is_folder_of(program, "guest", folder, sizeof folder) &&
        !is_folder_of(program, "../lib/ballast", folder, sizeof folder))
        (void)is_folder_of(program, "guest", folder, sizeof folder); /* named in the complaint */
    return folder;
}
