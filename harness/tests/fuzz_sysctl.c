/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzes sysctl as a user types it in a guest: each line of the input goes to the agent of a running NetBSD guest.
 * The agent must answer with a status and a text, and both it and the driver behind the nodes must go on.
 */
#include "harness/image/image.h"
#include "sim/inspect.h"
#include "sim/toolstack/toolstack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

#define LINES_MAX  32u
#define LINE_BYTES 400u
#define ANSWER_NS  (10 * NS_PER_S)

static void must(bool holds)
{
    if (!holds)
        abort();
}

static struct machine *machine;
static struct recorder *recorder;
static struct image *image;

static struct domain *boot(void)
{
    const struct machine_config config = {.seed = 1, .host_pages = 4096};
    const struct domain_config domain = {.name = "nb",
        .memory_pages = 1024,
        .maxmem_pages = 2048,
        .extra_kib = XL_EXTRA_KIB,
        .command_line = ""};
    char error[512] = "";
    struct domain *d;

    if (machine == NULL) {
        recorder = recorder_new();
        must(recorder != NULL);
        recorder_begin(recorder, "fuzz", "sim", 1);
        machine = machine_new(&config, recorder);
        image = image_load(kernel_info("netbsd"), error, sizeof error);
        if (image == NULL)
            fprintf(stderr, "%s\n", error);
        must(machine != NULL && image != NULL);
    }
    recorder_begin(recorder, "fuzz", "sim", 1);
    must(machine_reset(machine, &config));
    must(image_restore(image));
    must(machine_build_domain(machine, &domain, image_guest(image), &d) == BUILD_OK);
    machine_run(machine, &(struct run_request){.until_ns = ANSWER_NS, .stop_at_rest = true});
    must(domain_has_agent(d) && !domain_crashed(d));
    return d;
}

static void type(struct domain *d, const char *line, size_t bytes)
{
    char command[LINE_BYTES + 16];
    const char *output;
    int status;

    snprintf(command, sizeof command, "sysctl %.*s", (int)(bytes < LINE_BYTES ? bytes : LINE_BYTES), line);
    must(domain_command(d, command));
    machine_run(machine,
        &(struct run_request){.until_ns = machine_now_ns(machine) + ANSWER_NS, .stop_at_rest = true});
    must(!domain_crashed(d));
    must(domain_command_done(d, &status, &output));
    must(status >= 0 && status < 128);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    const char *at = (const char *)data, *end = at + bytes;
    struct domain *d = boot();

    for (unsigned lines = 0; at < end && lines < LINES_MAX; lines++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *line_end = newline != NULL ? newline : end;
        if (memchr(at, '\0', (size_t)(line_end - at)) == NULL)
            type(d, at, (size_t)(line_end - at));
        at = line_end + 1;
    }
    return 0;
}
