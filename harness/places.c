/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Source places by elfutils' libdw. The image is read as a file, not as it is loaded: the same answer for
 * every private copy, and none of the guest's memory is trusted.
 */
#include "harness/places.h"

#include <assert.h>
#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/file.h"

#define KNOWN_PLACES 1024u

struct places {
    Dwfl *session;
    Dwfl_Module *module;
    GElf_Addr bias; /* of libdwfl's addresses against those in the file */
    struct {
        uint64_t offset;
        char *text; /* NULL: nothing is kept there */
    } known[KNOWN_PLACES]; /* events by the million come from few places */
};

/* No separate debug files: looking for them would ask the environment, and the network where debuginfod is set. */
static int no_debug_file(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base,
    const char *file, const char *link, GElf_Word crc, char **found)
{
    (void)module, (void)data, (void)name, (void)base, (void)file, (void)link, (void)crc, (void)found;
    return -1;
}

static const Dwfl_Callbacks callbacks = {
    .find_elf = dwfl_build_id_find_elf,
    .find_debuginfo = no_debug_file,
    .section_address = dwfl_offline_section_address,
};

struct places *places_open(const char *file)
{
    assert(file != NULL);

    struct places *places = calloc(1, sizeof *places);
    if (places == NULL)
        return NULL;
    places->session = dwfl_begin(&callbacks);
    if (places->session != NULL) {
        dwfl_report_begin(places->session);
        places->module = dwfl_report_offline(places->session, file_base_name(file), file, -1);
        dwfl_report_end(places->session, NULL, NULL);
    }
    if (places->module == NULL || dwfl_module_getelf(places->module, &places->bias) == NULL) {
        places_close(places);
        return NULL;
    }
    return places;
}

void places_close(struct places *places)
{
    if (places == NULL)
        return;
    for (unsigned k = 0; k < KNOWN_PLACES; k++)
        free(places->known[k].text);
    if (places->session != NULL)
        dwfl_end(places->session);
    free(places);
}

/* The source file's debug information; clang leaves out the index, and then each file is asked. */
static Dwarf_Die *unit_at(struct places *places, Dwarf_Addr address, Dwarf_Addr *bias)
{
    Dwarf_Die *unit = dwfl_module_addrdie(places->module, address, bias);

    if (unit != NULL)
        return unit;
    do
        unit = dwfl_module_nextcu(places->module, unit, bias);
    while (unit != NULL && dwarf_haspc(unit, address - *bias) != 1);
    return unit;
}

/* The innermost function there, inlined or not, as the source has it; the symbol's name is the outermost. */
static const char *function_at(
    struct places *places, Dwarf_Die *unit, Dwarf_Addr address, Dwarf_Addr bias)
{
    Dwarf_Die *scopes = NULL;
    const char *name = NULL;
    int count = unit == NULL ? 0 : dwarf_getscopes(unit, address - bias, &scopes);

    for (int s = 0; s < count && name == NULL; s++) {
        const int tag = dwarf_tag(&scopes[s]);
        if (tag == DW_TAG_inlined_subroutine || tag == DW_TAG_subprogram)
            name = dwarf_diename(&scopes[s]); /* lives as long as the session */
    }
    free(scopes);
    return name != NULL ? name : dwfl_module_addrname(places->module, address);
}

static bool look_up(struct places *places, uint64_t offset, char *out, size_t out_bytes)
{
    Dwarf_Addr address = offset + places->bias;
    Dwarf_Addr bias = 0;
    Dwarf_Die *unit = unit_at(places, address, &bias);
    const char *function = function_at(places, unit, address, bias);
    Dwarf_Line *line = unit == NULL ? NULL : dwarf_getsrc_die(unit, address - bias);
    int number = 0;
    const char *source = line == NULL ? NULL : dwarf_linesrc(line, NULL, NULL);
    if (source != NULL)
        dwarf_lineno(line, &number);

    if (source != NULL && function != NULL)
        snprintf(out, out_bytes, "%s:%d (%s)", file_base_name(source), number, function);
    else if (source != NULL)
        snprintf(out, out_bytes, "%s:%d", file_base_name(source), number);
    else if (function != NULL)
        snprintf(out, out_bytes, "%s", function);
    else
        return false;
    return true;
}

bool places_text(struct places *places, uint64_t offset, char *out, size_t out_bytes)
{
    assert(places != NULL && out != NULL);

    const unsigned k = (unsigned)(offset * 0x9e3779b97f4a7c15ull >> 32) % KNOWN_PLACES;
    if (places->known[k].text != NULL && places->known[k].offset == offset) {
        snprintf(out, out_bytes, "%s", places->known[k].text);
        return true;
    }
    if (!look_up(places, offset, out, out_bytes))
        return false;
    free(places->known[k].text);
    places->known[k].offset = offset;
    places->known[k].text = strdup(out);
    return true;
}
