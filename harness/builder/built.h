/* SPDX-License-Identifier: BSD-2-Clause */
/* What a folder of guests says of the files that it was built of (harness/builder/build.h has what is in such a folder). */
#ifndef HARNESS_BUILDER_BUILT_H
#define HARNESS_BUILDER_BUILT_H

#include "harness/builder/words.h"

/*
 * The path of the first file whose contents are not any more what the guests were built of; freed by the caller. NULL: there is
 * none, or the folder does not say, or the file is gone. To `options` are added "--PART" and a path by turns, for each file that
 * they were built of.
 */
char *built_changed(const char *folder, struct words *options);

#endif
