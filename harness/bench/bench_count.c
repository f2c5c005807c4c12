/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs this program once more under callgrind, and reads what it collected. valgrind counts each iteration of a `rep
 * stos` as an instruction, so the C library is told to zero memory in another way.
 */
#include "harness/bench/bench_count.h"

#include <assert.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RUNS_MORE 4u

static double collected(const char *program, const char *what, uint64_t mib, unsigned runs)
{
    char command[PATH_MAX + 512], line[512];
    double count = 0;
    FILE *said;

    snprintf(command, sizeof command,
        "GLIBC_TUNABLES=glibc.cpu.x86_rep_stosb_threshold=1000000000:glibc.cpu.x86_rep_movsb_threshold="
        "1000000000"
        " valgrind --tool=callgrind --callgrind-out-file=/dev/null '%s' --once=%s --mib %" PRIu64
        " --runs %u 2>&1",
        program, what, mib, runs);
    said = popen(command, "r");
    if (said == NULL)
        return 0;
    while (fgets(line, sizeof line, said) != NULL) {
        const char *at = strstr(line, "Collected : ");
        if (at != NULL)
            count = strtod(at + strlen("Collected : "), NULL);
    }
    return pclose(said) == 0 ? count : 0;
}

double bench_count_instructions(const char *what, uint64_t mib)
{
    char program[PATH_MAX];
    ssize_t bytes = readlink("/proc/self/exe", program, sizeof program - 1);

    assert(what != NULL && mib > 0);
    if (bytes <= 0 || strchr(program, '\'') != NULL)
        return 0;
    program[bytes] = '\0';
    const double first = collected(program, what, mib, 1), all = collected(program, what, mib, 1 + RUNS_MORE);
    return first > 0 && all > first ? (all - first) / RUNS_MORE : 0;
}
