/* SPDX-License-Identifier: BSD-2-Clause */
/* Looks into objects for what they call, with libelf. */
#include "harness/builder/features.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool section_refers_to(Elf *elf, Elf_Scn *section, const char *symbol)
{
    GElf_Shdr header;
    GElf_Sym entry;
    Elf_Data *data = elf_getdata(section, NULL);

    if (gelf_getshdr(section, &header) == NULL || header.sh_type != SHT_SYMTAB || data == NULL)
        return false;
    for (int i = 0; gelf_getsym(data, i, &entry) != NULL; i++) {
        const char *name = elf_strptr(elf, header.sh_link, entry.st_name);
        if (entry.st_shndx == SHN_UNDEF && name != NULL && strcmp(name, symbol) == 0)
            return true;
    }
    return false;
}

bool object_refers_to(const char *path, const char *symbol)
{
    bool refers = false;
    int file = open(path, O_RDONLY | O_CLOEXEC);

    if (file < 0)
        return false;
    (void)elf_version(EV_CURRENT);
    Elf *elf = elf_begin(file, ELF_C_READ_MMAP, NULL);
    for (Elf_Scn *section = NULL; elf != NULL && !refers && (section = elf_nextscn(elf, section)) != NULL;)
        refers = section_refers_to(elf, section, symbol);
    if (elf != NULL)
        elf_end(elf);
    close(file);
    return refers;
}

static bool part_refers_to(const struct units *units, const struct recipe *recipe, const char *variant,
    const char *part, const char *symbol)
{
    for (size_t u = 0; u < units->count; u++) {
        const struct unit *unit = &units->list[u];
        char path[4096];
        if (strcmp(unit->variant, variant) != 0 || strcmp(recipe->parts[unit->part].name, part) != 0)
            continue;
        snprintf(path, sizeof path, "%s.o", unit->stem);
        if (object_refers_to(path, symbol))
            return true;
    }
    return false;
}

void features_put(const struct units *units, const struct recipe *recipe, const char *variant, FILE *out)
{
    struct words rows = {0};
    char name[32], part[32], symbol[64];

    recipe_list(recipe, "feature.*", variant, &rows);
    for (size_t r = 0; r < rows.count; r++)
        if (sscanf(rows.list[r], "%31s %31s %63s", name, part, symbol) == 3 &&
            part_refers_to(units, recipe, variant, part, symbol))
            fprintf(out, "feature %s\n", name);
    words_free(&rows);
}
