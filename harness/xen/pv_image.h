/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest linked as a PV image (guest/guest.mk): an ELF file with one segment that is loaded, and the symbols that a
 * domain's builder has to know. This project makes the file, so it is not checked as something hostile would be.
 */
#ifndef HARNESS_XEN_PV_IMAGE_H
#define HARNESS_XEN_PV_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pv_image {
    const char *file; /* mapped; NULL: not open */
    size_t file_bytes;
    const char *load; /* in the file: what goes to load_va */
    uint64_t load_va;
    size_t load_file_bytes, load_bytes; /* its size in the file, and with the zeros behind */
    uint64_t entry_va, pvh_entry_va, hypercall_page_va, trap_stubs_va, guest_image_va;
};

/* False, with a sentence: the file is not there, or is no such image. */
bool pv_image_open(struct pv_image *, const char *path, char *sentence, size_t sentence_bytes);
void pv_image_close(struct pv_image *);

#endif
