/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzes the toolstack: the input's lines are typed in dom0 of a machine with two domains. Each line gets a status
 * and a text, and a command that xl accepted leaves a domain's target and maximum in step.
 */
#include "sim/inspect.h"
#include "sim/machine_state.h"
#include "sim/toolstack/toolstack.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void never(const struct boot_block *boot)
{
    (void)boot;
}

static void build(struct machine *machine, struct guest_image *image, const char *name)
{
    static char memory[64];
    struct domain_config config = {
        .name = name, .memory_pages = 1024, .maxmem_pages = 2048, .extra_kib = XL_EXTRA_KIB};
    struct domain *domain;

    *image = (struct guest_image){.magic = GUEST_IMAGE_MAGIC,
        .kernel = "none",
        .start = never,
        .data_start = memory,
        .data_end = memory + sizeof(memory)};
    must(machine_build_domain(machine, &config, image, &domain) == BUILD_OK);
}

/* After an accepted mem-set of the first domain Xen's maximum is the target plus what xl allows on top. */
static void check_mem_set(struct machine *machine, const char *line, int status)
{
    const char *text = machine_xenstore(machine, "/local/domain/1/memory/target");
    uint64_t kib = 0, pages;

    if (status != 0 || strncmp(line, "xl mem-set 1 ", 13) != 0 || strchr(line, '-') != strrchr(line, '-'))
        return;
    if (machine_xenstore(machine, "/local/domain/1/memory/videoram") != NULL)
        return;
    must(text != NULL && sscanf(text, "%" SCNu64, &kib) == 1);
    pages = (kib + XL_EXTRA_KIB) / KIB_PER_PAGE;
    must(domain_maximum_pages(machine_domain_by_id(machine, 1)) == pages || pages > UINT32_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    static struct machine *machine;
    static struct recorder *recorder;
    static struct guest_image images[2];
    struct machine_config config = {
        .seed = 1, .host_pages = 65536, .toolstack = bytes > 0 ? data[0] % 3 : TOOLSTACK_XL_4_17};
    char *text = malloc(bytes + 1), *line, *rest = NULL;

    must(text != NULL);
    if (machine == NULL) {
        recorder = recorder_new();
        must(recorder != NULL);
        recorder_begin(recorder, "fuzz", "sim", 1);
        machine = machine_new(&config, recorder);
        must(machine != NULL);
    }
    recorder_begin(recorder, "fuzz", "sim", 1);
    must(machine_reset(machine, &config));
    build(machine, &images[0], "nb");
    build(machine, &images[1], "other");
    if (bytes > 0)
        memcpy(text, data, bytes);
    text[bytes] = '\0';
    for (line = strtok_r(text + (bytes > 0), "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        const char *output;
        int status = machine_toolstack(machine, line, &output);

        must(status >= -1 && status <= 2);
        must(strlen(output) < TOOLSTACK_BYTES);
        check_mem_set(machine, line, status);
    }
    free(text);
    return 0;
}
