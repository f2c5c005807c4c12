/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a worker process leaves for its parent: its outcome, in a file in memory. The parent doesn't trust it: a guest may
 * have broken the worker, or the worker's own child may go on writing.
 */
#ifndef HARNESS_BALLAST_OUTCOME_FILE_H
#define HARNESS_BALLAST_OUTCOME_FILE_H

#include "harness/ballast/worker.h"

/* An empty one. -1, with errno: there can't be one. */
int outcome_file_new(void);
/* In the worker. kernels_missed: images that it had to make itself (image_cache.h). False: there is no room. */
bool outcome_file_write(int fd, const struct outcome *, uint64_t kernels_missed);

#define OUTCOME_NOT_WHOLE "what was written is not whole"

struct outcome_left {
    void *memory; /* NULL: there is nothing to look at */
    size_t bytes;
    bool no_memory;
    char missing[96]; /* where there is no memory: why not */
};

/*
 * In the parent, when the worker has ended: nobody can change the file any more afterwards. False: there is nothing, or
 * somebody still has hold of it, or there is no memory for it.
 */
bool outcome_file_open(int fd, struct outcome_left *);
void outcome_file_close(struct outcome_left *);
/* Checks every number. The outcome points into memory. False: it is no whole outcome. */
bool outcome_file_read(const void *memory, size_t bytes, struct outcome *, uint64_t *kernels_missed);

#endif
