/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Starting gdb, and the place where it stops. gdb reads what it needs from ballast_stop and from the machine. It calls no
 * function of this program, because the stack in use may be the guest's.
 */
#include "harness/ballast/gdb.h"
#include "harness/ballast/stderr_line.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sim/inspect.h"

#define ARGUMENTS_MAX 26

/* The commands are embedded in the program, since they have to match its structures. */
__asm__(".pushsection .rodata\n"
        "gdb_commands: .incbin \"harness/ballast/ballast.gdb\"\n"
        "gdb_commands_end: .byte 0\n"
        ".popsection\n");
extern const char gdb_commands[], gdb_commands_end[];

/* What ballast.gdb has to know of the present stop; it reads the members by these names. */
struct gdb_stop {
    const struct machine *machine;
    const struct domain *domain; /* of the event, or for the host the first one; NULL: none */
    bool faulted;                /* the domain died: its fault says where, and it can't go on */
    bool in_driver;              /* the driver is on the stack of the thread that runs */
    char text[512];
};
extern struct gdb_stop ballast_stop;
struct gdb_stop ballast_stop;

void ballast_event_reached(void);
__attribute__((noinline)) void ballast_event_reached(void)
{
    __asm__ volatile("" : : "m"(ballast_stop) : "memory");
}

static const char *line_of(const char *text, uint32_t line, int *bytes)
{
    while (line > 1 && *text != 0) {
        text += strcspn(text, "\n");
        text += *text == '\n';
        line--;
    }
    *bytes = line == 0 ? 0 : (int)strcspn(text, "\r\n");
    return text;
}

void gdb_event(struct machine *machine, unsigned domid, uint64_t event, const char *text, uint32_t line)
{
    assert(machine != NULL && text != NULL);

    const struct domain *domain = machine_domain_by_id(machine, domid);
    if (domain == NULL)
        domain = machine_next_domain(machine, NULL);
    const uint64_t now_us = machine_now_ns(machine) / 1000;
    int bytes;
    const char *in_charge = line_of(text, line, &bytes);
    ballast_stop.machine = machine;
    ballast_stop.domain = domain;
    ballast_stop.faulted = domain != NULL && domain_faulted(domain);
    ballast_stop.in_driver = domain != NULL && domain_driver_on_stack(domain);
    snprintf(ballast_stop.text, sizeof ballast_stop.text,
        "\nevent %" PRIu64 ", at %" PRIu64 ".%06" PRIu64 " s of virtual time, scenario line %" PRIu32
        ":\n%.*s\n",
        event, now_us / 1000000, now_us % 1000000, line, bytes, in_charge);
    ballast_event_reached();
}

/* Opens the commands as a file without a name, which gdb reads through /proc, so that no file is left behind. */
static int open_commands(void)
{
    /* cppcheck-suppress comparePointers ; the linker puts both around the same bytes */
    const size_t bytes = (size_t)(gdb_commands_end - gdb_commands);
    const int fd = memfd_create("ballast.gdb", 0);

    if (fd >= 0 && write(fd, gdb_commands, bytes) != (ssize_t)bytes) {
        close(fd);
        return -1;
    }
    return fd;
}

int gdb_replay(const struct replay_options *options)
{
    char commands[64], seed[32], schedule_seed[32], until[32], program[PATH_MAX];
    const char *arguments[ARGUMENTS_MAX] = {
        "gdb", "-q", "-x", commands, "--args", program, "replay", "--in-debugger", "--seed", seed};
    size_t count = 10;
    const int fd = open_commands();
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);

    assert(options->nr_files == 1);
    if (fd < 0 || length <= 0) {
        stderr_line("--gdb: %s", strerror(errno));
        return VERDICT_ERROR;
    }
    program[length] = 0;
    snprintf(commands, sizeof commands, "/proc/self/fd/%d", fd);
    snprintf(seed, sizeof seed, "%" PRIu64, options->run.seed);
    snprintf(until, sizeof until, "%" PRIu64, options->run.until_event);
    if (options->run.schedule_seed != 0) {
        snprintf(schedule_seed, sizeof schedule_seed, "%" PRIu64, options->run.schedule_seed);
        arguments[count++] = "--schedule-seed";
        arguments[count++] = schedule_seed;
    }
    if (options->run.until_event != 0) {
        arguments[count++] = "--until";
        arguments[count++] = until;
    }
    if (options->kernel != NULL) {
        arguments[count++] = "--kernel";
        arguments[count++] = options->kernel;
    }
    if (options->run.keep_going)
        arguments[count++] = "--keep-going";
    arguments[count++] = "--";
    arguments[count++] = options->files[0];
    assert(count < ARGUMENTS_MAX);
    arguments[count] = NULL;
    setenv("ASAN_OPTIONS", "detect_leaks=0", 0); /* the leak detector doesn't work in a traced process */
    execvp("gdb", (char *const *)(uintptr_t)arguments);
    stderr_line("--gdb: gdb can't be started: %s; it is in Debian's package gdb", strerror(errno));
    close(fd);
    return VERDICT_ERROR;
}
