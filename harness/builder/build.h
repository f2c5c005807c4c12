/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Builds guests out of a kernel's own objects and files that take its parts, as the recipe says. Ours and a user's
 * take the same way.
 *
 * A folder of guests has an image for each kernel (NAME.so), those for the real Xen under pv/, and a file `built`:
 * in its first line what all this was built from, in the lines below whole paths of the files. Content decides: what
 * would come out the same is not built again, whatever the files' dates are. Whoever builds holds the folder's lock,
 * and an image takes its name when it is whole; when a build fails, the images of the one before are gone.
 */
#ifndef HARNESS_BUILDER_BUILD_H
#define HARNESS_BUILDER_BUILD_H

#include "harness/builder/files.h"

#define BUILT_FILE        "built"
#define BUILT_DESCRIPTION "objects/description" /* the rows that say whose files are in the images */

enum build_result { BUILD_DONE, BUILD_NOT_COMPILED, BUILD_ERROR };

struct build_request {
    const struct recipe *recipe;
    const struct user_files *files;
    const char *folder;  /* is made when it isn't there */
    const char *variant; /* of kernels; NULL: all */
};

/* For BUILD_ERROR, error has a sentence. What compilers said is on standard error. */
enum build_result build_guests(const struct build_request *, char *error, size_t error_bytes);

/*
 * A name for a folder of these files and options: 16 digits of a hash of their paths, a dash, and as many of what is in the
 * files, so that a name doesn't come to mean another driver.
 */
#define BUILD_NAME_BYTES 34u
void build_folder_name(const struct recipe *, const struct user_files *, char name[BUILD_NAME_BYTES]);
/* Another folder beside one of such a name, perhaps with words behind it: of the same files with other contents. NULL: none. */
char *build_folder_before(const char *folder);

#endif
