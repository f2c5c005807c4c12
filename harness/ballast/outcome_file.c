/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes an outcome to a file in memory, seals it against changes, and reads it. */
#include "harness/ballast/outcome_file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The head of an outcome. It is written last, so that an outcome with a head is whole. */
struct outcome_head {
    char magic[8];
    int32_t verdict;
    uint32_t has_recording, left_out, unused;
    uint64_t sentence_bytes, recording_bytes, places_bytes;
    uint64_t hypercalls, differences;
    uint64_t kernels_missed; /* images that it had to make itself: the parent makes them for later workers */
};
static const char outcome_magic[8] = "OUTCOME";

#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

/* ---- in the worker ------------------------------------------------------------------------------ */

int outcome_file_new(void)
{
    return memfd_create("ballast outcome", MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

static bool put(int fd, const void *bytes, size_t count, off_t at)
{
    const char *from = bytes;

    while (count > 0) {
        ssize_t done = pwrite(fd, from, count, at);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        from += done;
        at += done;
        count -= (size_t)done;
    }
    return true;
}

bool outcome_file_write(int fd, const struct outcome *outcome, uint64_t kernels_missed)
{
    struct outcome_head head = {
        .verdict = (int32_t)outcome->verdict,
        .has_recording = outcome->recording != NULL,
        .left_out = outcome->left_out,
        .sentence_bytes = outcome->sentence == NULL ? 1 : strlen(outcome->sentence) + 1,
        .recording_bytes = outcome->recording == NULL ? 0 : outcome->recording_bytes,
        .places_bytes = outcome->places == NULL ? 0 : outcome->places_bytes,
        .hypercalls = outcome->hypercalls,
        .differences = outcome->differences,
        .kernels_missed = kernels_missed,
    };
    off_t at = sizeof head;
    const char *sentence = outcome->sentence == NULL ? "" : outcome->sentence;

    memcpy(head.magic, outcome_magic, sizeof head.magic);
    /* The recording comes first, at a multiple of 8, because its records are read in place. */
    if (!put(fd, outcome->recording, head.recording_bytes, at) ||
        !put(fd, sentence, head.sentence_bytes, at + (off_t)head.recording_bytes) ||
        !put(
            fd, outcome->places, head.places_bytes, at + (off_t)(head.recording_bytes + head.sentence_bytes)))
        return false;
    return put(fd, &head, sizeof head, 0);
}

/* ---- in the parent ------------------------------------------------------------------------------ */

/*
 * The kernel seals no page that somebody has hold of: a process that wrote, or the kernel itself for a moment, when memory is
 * short and pages are moved.
 */
#define SEAL_TRIES    100u
#define SEAL_PAUSE_NS (20l * 1000 * 1000)

static bool seal(int fd, struct outcome_left *left)
{
    const struct timespec pause = {.tv_nsec = SEAL_PAUSE_NS};
    unsigned tries = 0;

    assert(fd >= 0);
    while (fcntl(fd, F_ADD_SEALS, SEALS) != 0 && errno == EBUSY && ++tries < SEAL_TRIES)
        (void)nanosleep(&pause, NULL);
    const int why = errno, seals = fcntl(fd, F_GET_SEALS);
    assert(tries <= SEAL_TRIES);
    if (seals >= 0 && (seals & SEALS) == SEALS)
        return true;
    if (tries == SEAL_TRIES)
        snprintf(left->missing, sizeof left->missing,
            "after %ld s a process, or the kernel, still has hold of it",
            SEAL_TRIES * SEAL_PAUSE_NS / 1000000000);
    else
        snprintf(left->missing, sizeof left->missing, "it can't be sealed: %s", strerror(why));
    return false;
}

/* Were it not sealed, whoever still has it open could cut it off while it is mapped here, and end this process. */
bool outcome_file_open(int fd, struct outcome_left *left)
{
    struct stat status;

    *left = (struct outcome_left){0};
    if (!seal(fd, left))
        return false;
    if (fstat(fd, &status) != 0 || status.st_size <= 0) {
        snprintf(left->missing, sizeof left->missing, "nothing was written");
        return false;
    }
    /* What was never written of it is allocated when it is read; only a forged one has such holes. */
    if ((uint64_t)status.st_blocks * 512 < (uint64_t)status.st_size) {
        snprintf(left->missing, sizeof left->missing, OUTCOME_NOT_WHOLE);
        return false;
    }
    void *memory = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    left->no_memory = memory == MAP_FAILED;
    if (memory == MAP_FAILED)
        return false;
    left->memory = memory;
    left->bytes = (size_t)status.st_size;
    return true;
}

void outcome_file_close(struct outcome_left *left)
{
    if (left->memory != NULL)
        munmap(left->memory, left->bytes);
    *left = (struct outcome_left){0};
}

static bool is_verdict(int32_t number)
{
    switch (number) {
    case VERDICT_PASS:
    case VERDICT_SKIP:
    case VERDICT_ERROR:
    case VERDICT_FAIL:
    case VERDICT_CRASH:
    case VERDICT_TIMEOUT:
    case VERDICT_CUT:
        return true;
    default:
        return false;
    }
}

/* Do its three parts, a sentence with an end among them, make up what is left? */
static bool parts_fit(const struct outcome_head *head, size_t left)
{
    if (head->recording_bytes > left || head->sentence_bytes > left - head->recording_bytes ||
        head->sentence_bytes == 0)
        return false;
    return head->places_bytes == left - head->recording_bytes - head->sentence_bytes;
}

bool outcome_file_read(const void *memory, size_t bytes, struct outcome *outcome, uint64_t *kernels_missed)
{
    struct outcome_head head;

    assert(memory != NULL && outcome != NULL);
    if (bytes < sizeof head)
        return false;
    memcpy(&head, memory, sizeof head);
    if (memcmp(head.magic, outcome_magic, sizeof head.magic) != 0 || !is_verdict(head.verdict) ||
        head.has_recording > 1 || head.left_out > 1 || !parts_fit(&head, bytes - sizeof head))
        return false;
    const char *recording = (const char *)memory + sizeof head, *sentence = recording + head.recording_bytes;
    if (sentence[head.sentence_bytes - 1] != 0)
        return false;
    *outcome = (struct outcome){
        .verdict = (enum verdict)head.verdict,
        .sentence = sentence,
        .recording = head.has_recording != 0 ? recording : NULL,
        .recording_bytes = head.recording_bytes,
        .places = sentence + head.sentence_bytes,
        .places_bytes = head.places_bytes,
        .left_out = head.left_out != 0,
        .hypercalls = head.hypercalls,
        .differences = head.differences,
    };
    *kernels_missed = head.kernels_missed;
    return true;
}
