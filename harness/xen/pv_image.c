/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads a PV image's ELF file: its segment and its symbols. */
#include "harness/xen/pv_image.h"

#include <assert.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static bool symbol_is(const char *names, size_t names_bytes, const Elf64_Sym *symbol, const char *wanted)
{
    return symbol->st_name < names_bytes &&
           strncmp(names + symbol->st_name, wanted, names_bytes - symbol->st_name) == 0;
}

static void read_symbols(struct pv_image *image, const Elf64_Shdr *section, const Elf64_Shdr *strings)
{
    const Elf64_Sym *symbols = (const Elf64_Sym *)(const void *)(image->file + section->sh_offset);
    const char *names = image->file + strings->sh_offset;

    for (size_t i = 0; i < section->sh_size / sizeof *symbols; i++) {
        if (symbol_is(names, strings->sh_size, &symbols[i], "pv_hypercall_page"))
            image->hypercall_page_va = symbols[i].st_value;
        if (symbol_is(names, strings->sh_size, &symbols[i], "pvh_entry"))
            image->pvh_entry_va = symbols[i].st_value;
        if (symbol_is(names, strings->sh_size, &symbols[i], "pv_trap_stubs"))
            image->trap_stubs_va = symbols[i].st_value;
        if (symbol_is(names, strings->sh_size, &symbols[i], "guest_image"))
            image->guest_image_va = symbols[i].st_value;
    }
}

static void read_head(struct pv_image *image)
{
    const Elf64_Ehdr *head = (const Elf64_Ehdr *)(const void *)image->file;
    const Elf64_Phdr *segments = (const Elf64_Phdr *)(const void *)(image->file + head->e_phoff);
    const Elf64_Shdr *sections = (const Elf64_Shdr *)(const void *)(image->file + head->e_shoff);

    image->entry_va = head->e_entry;
    for (unsigned i = 0; i < head->e_phnum; i++) {
        if (segments[i].p_type != PT_LOAD)
            continue;
        image->load = image->file + segments[i].p_offset;
        image->load_va = segments[i].p_vaddr;
        image->load_file_bytes = segments[i].p_filesz;
        image->load_bytes = segments[i].p_memsz;
    }
    for (unsigned i = 0; i < head->e_shnum; i++)
        if (sections[i].sh_type == SHT_SYMTAB)
            read_symbols(image, &sections[i], &sections[sections[i].sh_link]);
}

/* The file stays mapped when its descriptor is closed. */
static bool map_file(struct pv_image *image, const char *path)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return false;
    bool mapped = fstat(fd, &status) == 0;
    if (mapped) {
        void *file = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);

        mapped = file != MAP_FAILED;
        image->file = mapped ? file : NULL;
        image->file_bytes = (size_t)status.st_size;
    }
    close(fd);
    return mapped;
}

bool pv_image_open(struct pv_image *image, const char *path, char *sentence, size_t sentence_bytes)
{
    *image = (struct pv_image){.file = NULL};
    if (!map_file(image, path)) {
        snprintf(sentence, sentence_bytes, "%s: %s (make pv builds it)", path, strerror(errno));
        return false;
    }
    bool is_elf = image->file_bytes >= sizeof(Elf64_Ehdr) && memcmp(image->file, ELFMAG, SELFMAG) == 0;
    if (is_elf)
        read_head(image);
    if (image->load != NULL && image->hypercall_page_va != 0 && image->guest_image_va != 0) {
        assert(image->load_file_bytes <= image->load_bytes);
        return true;
    }
    snprintf(sentence, sentence_bytes, is_elf ? "%s is no PV image that Ballast built" : "%s is no ELF file",
        path);
    pv_image_close(image);
    return false;
}

void pv_image_close(struct pv_image *image)
{
    if (image->file != NULL)
        munmap((void *)(uintptr_t)image->file, image->file_bytes);
    image->file = NULL;
}
