/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Places in the source, found by elfutils' libdw. The image is read from its file, not from memory: the answer is the same
 * for every private copy, and no memory of the guest's is trusted.
 */
#include "harness/image/source_places.h"

#include <assert.h>
#include <setjmp.h>
#include <dwarf.h>
#include <errno.h>
#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sim/random.h"

#define KNOWN_PLACES 1024u
#define PLACES_TRIED 8u /* a place is kept in one of so many neighbours */
/* A look takes less than this. libdw of elfutils 0.188 does not look everywhere whether it got its memory, and faults. */
#define ROOM_BYTES   ((size_t)16 << 20)

/* What is known already: millions of events come from few places. */
struct known_place {
    uint64_t offset;
    char *text; /* NULL: nothing is kept here; "": nothing is known of that offset */
};

struct source_places {
    Dwfl *session;
    Dwfl_Module *module;
    GElf_Addr bias; /* of libdwfl's addresses against those in the file */
    bool no_memory; /* there was none for a look: none is made any more */
    bool torn;      /* libdw was left in the middle of something, and can't even be freed */
    struct known_place known[KNOWN_PLACES];
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

struct source_places *source_places_open(const char *file, bool *no_memory)
{
    assert(file != NULL);
    const int fd = open(file, O_RDONLY | O_CLOEXEC);
    struct source_places *places = NULL;

    *no_memory = false;
    if (fd >= 0) {
        places = source_places_of(file, fd, no_memory);
        close(fd);
    }
    return places;
}

struct source_places *source_places_of(const char *name, int fd, bool *no_memory)
{
    struct source_places *places = calloc(1, sizeof *places);

    assert(fd >= 0);
    *no_memory = places == NULL;
    if (places == NULL)
        return NULL;
    const int own = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    places->session = own >= 0 ? dwfl_begin(&callbacks) : NULL;
    if (places->session != NULL) {
        dwfl_report_begin(places->session);
        places->module = dwfl_report_offline(places->session, basename(name), name, own);
        dwfl_report_end(places->session, NULL, NULL);
    }
    if (places->module == NULL && own >= 0)
        close(own); /* else it is the module's */
    if (places->module == NULL || dwfl_module_getelf(places->module, &places->bias) == NULL) {
        source_places_close(places);
        return NULL;
    }
    return places;
}

void source_places_close(struct source_places *places)
{
    if (places == NULL)
        return;
    for (unsigned k = 0; k < KNOWN_PLACES; k++)
        free(places->known[k].text);
    if (places->session != NULL && !places->torn)
        dwfl_end(places->session);
    free(places);
}

/* The source file's debug information; clang leaves out the index, and then each file is asked. */
static Dwarf_Die *unit_at(struct source_places *places, Dwarf_Addr address, Dwarf_Addr *bias)
{
    Dwarf_Die *unit = dwfl_module_addrdie(places->module, address, bias);

    if (unit != NULL)
        return unit;
    do
        unit = dwfl_module_nextcu(places->module, unit, bias);
    while (unit != NULL && dwarf_haspc(unit, address - *bias) != 1);
    return unit;
}

struct text {
    char *at;
    size_t left_bytes;
};

/* Names come from whoever wrote the file. What would end a line of places, or begin another part of one, is none. */
static void clean(char *text)
{
    for (; *text != 0; text++)
        if ((unsigned char)*text < ' ')
            *text = '?';
}

/* The folder of a file, as far as it is told, and without steps that lead nowhere. */
static void folder_of(const char *base, const char *path, char *out, size_t out_bytes)
{
    const char *slash = strrchr(path, '/');
    char *at;

    snprintf(out, out_bytes, "%s/%.*s", base, slash != NULL ? (int)(slash - path) : 0, path);
    while ((at = strstr(out, "/./")) != NULL || (at = strstr(out, "//")) != NULL)
        memmove(at, at + (at[1] == '.' ? 2 : 1), strlen(at + (at[1] == '.' ? 2 : 1)) + 1);
    for (size_t bytes = strlen(out); bytes > 1; bytes = strlen(out)) {
        const bool ends = out[bytes - 1] == '/' || (out[bytes - 1] == '.' && out[bytes - 2] == '/');
        if (!ends)
            break;
        out[bytes - 1] = 0;
    }
}

/* Is it a header from another folder than the file that includes it? */
static bool is_borrowed(const char *source, Dwarf_Die *unit)
{
    Dwarf_Attribute attribute;
    char own[1024], others[1024];
    const size_t bytes = strlen(source);
    const char *name = unit != NULL ? dwarf_diename(unit) : NULL;

    if (name == NULL || bytes < 2 || strcmp(source + bytes - 2, ".h") != 0)
        return false;
    const char *from = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));
    folder_of(name[0] == '/' || from == NULL ? "" : from, name, own, sizeof own);
    folder_of(source[0] == '/' || from == NULL ? "" : from, source, others, sizeof others);
    return strcmp(own, others) != 0;
}

/* "balloon.c:512 (balloon_inflate)" or, of a header from elsewhere, "<xenpmap.h>:64 (xpmap_ptom_map)"; a tab before it
 * unless it is the first. False: nothing is known, or no room. */
static bool add(
    struct text *text, const char *source, Dwarf_Die *unit, int line, const char *function, bool first)
{
    const char *tab = first ? "" : "\t";
    char file[256];
    int bytes;

    if (source != NULL)
        snprintf(file, sizeof file, is_borrowed(source, unit) ? "<%s>" : "%s", basename(source));
    if (source != NULL && function != NULL)
        bytes = snprintf(text->at, text->left_bytes, "%s%s:%d (%s)", tab, file, line, function);
    else if (source != NULL)
        bytes = snprintf(text->at, text->left_bytes, "%s%s:%d", tab, file, line);
    else if (function != NULL)
        bytes = snprintf(text->at, text->left_bytes, "%s%s", tab, function);
    else
        return false;
    if (bytes < 0 || (size_t)bytes >= text->left_bytes) {
        *text->at = 0; /* what does not fit as a whole is not added */
        return false;
    }
    clean(text->at + strlen(tab));
    text->at += bytes;
    text->left_bytes -= (size_t)bytes;
    return true;
}

/* The file that a call was written in; NULL: not told. */
static const char *call_file(Dwarf_Die *unit, Dwarf_Die *inlined)
{
    Dwarf_Attribute attribute;
    Dwarf_Files *files;
    size_t count;
    Dwarf_Word number;

    if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_file, &attribute), &number) != 0 ||
        dwarf_getsrcfiles(unit, &files, &count) != 0 || number >= count)
        return NULL;
    return dwarf_filesrc(files, number, NULL, NULL);
}

static int call_line(Dwarf_Die *inlined)
{
    Dwarf_Attribute attribute;
    Dwarf_Word line;

    return dwarf_formudata(dwarf_attr(inlined, DW_AT_call_line, &attribute), &line) == 0 ? (int)line : 0;
}

/* The function at that address as the source has it, and behind it those that it was inlined into, innermost first. */
static bool add_scopes(struct text *text, Dwarf_Die *unit, Dwarf_Addr address, const char *source, int line)
{
    Dwarf_Die *innermost = NULL, *scopes = NULL;
    bool any = false;

    /* The scopes of an inlined function's text are those of its definition: the innermost one's own are wanted. */
    int count = dwarf_getscopes(unit, address, &innermost);
    if (count > 0)
        count = dwarf_getscopes_die(&innermost[0], &scopes);
    for (int s = 0; s < count; s++) {
        const int tag = dwarf_tag(&scopes[s]);
        if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram)
            continue;
        if (!add(text, source, unit, line, dwarf_diename(&scopes[s]), !any))
            break;
        any = true;
        if (tag == DW_TAG_subprogram)
            break;
        source = call_file(unit, &scopes[s]);
        line = call_line(&scopes[s]);
    }
    free(scopes);
    free(innermost);
    return any;
}

static bool look_up(struct source_places *places, uint64_t offset, char *out, size_t out_bytes)
{
    Dwarf_Addr address = offset + places->bias, bias = 0;
    Dwarf_Die *unit = unit_at(places, address, &bias);
    Dwarf_Line *found = unit == NULL ? NULL : dwarf_getsrc_die(unit, address - bias);
    const char *source = found == NULL ? NULL : dwarf_linesrc(found, NULL, NULL);
    struct text text = {out, out_bytes};
    int line = 0;

    assert(out_bytes > 0);
    if (source != NULL)
        dwarf_lineno(found, &line);
    if (unit != NULL && add_scopes(&text, unit, address - bias, source, line))
        return true;
    return add(&text, source, unit, line, dwfl_module_addrname(places->module, address), true);
}

/*
 * libdw ends the process when it finds no memory, unless its handler goes on elsewhere. The handler gets no argument of
 * ours, so where that is, is a variable of the process.
 */
static jmp_buf *without_memory;

static void leave_libdw(void) __attribute__((noreturn));

static void leave_libdw(void)
{
    assert(without_memory != NULL);
    longjmp(*without_memory, 1);
}

static bool is_about_memory(const char *message)
{
    return message != NULL && strstr(message, "memory") != NULL;
}

/* Was it for want of memory that libdw found nothing? Asking forgets the error. */
static bool memory_was_missing(void)
{
    const int of_files = dwfl_errno(), of_information = dwarf_errno();

    return errno == ENOMEM || (of_files != 0 && is_about_memory(dwfl_errmsg(of_files))) ||
           (of_information != 0 && is_about_memory(dwarf_errmsg(of_information)));
}

/* look_up, but false when libdw finds no memory. What it holds then is in no state to be used or freed. */
static bool look_up_if_there_is_memory(
    struct source_places *places, uint64_t offset, char *out, size_t out_bytes)
{
    jmp_buf here;
    Dwarf_Addr bias;

    void *room = mmap(NULL, ROOM_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    places->no_memory = room == MAP_FAILED;
    if (places->no_memory)
        return false;
    munmap(room, ROOM_BYTES);
    memory_was_missing(); /* what was wrong before is not wrong now */
    errno = 0;
    Dwarf *debug = dwfl_module_getdwarf(places->module, &bias);

    if (debug != NULL)
        dwarf_new_oom_handler(debug, leave_libdw);
    without_memory = &here;
    if (setjmp(here) != 0) {
        places->no_memory = places->torn = true;
        without_memory = NULL;
        return false;
    }
    const bool found = look_up(places, offset, out, out_bytes);
    without_memory = NULL;
    places->no_memory = memory_was_missing(); /* then what was found may be a function without its line */
    return found && !places->no_memory;
}

bool source_places_no_memory(const struct source_places *places)
{
    return places->no_memory;
}

/* Where that offset is kept, or may be: events of one run that come from two places must not push each other out. */
static struct known_place *known_place(struct source_places *places, uint64_t offset)
{
    const unsigned first = (unsigned)(offset * RANDOM_STEP >> 32);

    for (unsigned k = 0; k < PLACES_TRIED; k++) {
        struct known_place *known = &places->known[(first + k) % KNOWN_PLACES];
        if (known->text == NULL || known->offset == offset)
            return known;
    }
    return &places->known[first % KNOWN_PLACES];
}

bool source_places_text(struct source_places *places, uint64_t offset, char *out, size_t out_bytes)
{
    assert(places != NULL && out != NULL);
    if (places->no_memory)
        return false;

    struct known_place *known = known_place(places, offset);
    if (known->text == NULL || known->offset != offset) {
        char text[SOURCE_PLACE_BYTES];
        const bool found = look_up_if_there_is_memory(places, offset, text, sizeof text);
        if (places->no_memory)
            return false;
        free(known->text);
        *known = (struct known_place){.offset = offset, .text = strdup(found ? text : "")};
        places->no_memory = known->text == NULL;
        if (places->no_memory)
            return false;
    }
    const bool fits = strlen(known->text) < out_bytes;
    snprintf(out, out_bytes, "%s", fits ? known->text : ""); /* whole or not at all */
    return fits && known->text[0] != 0;
}

const char *source_places_own(const char *text)
{
    const char *own = text, *tab;

    while (*own == '<' && (tab = strchr(own, '\t')) != NULL)
        own = tab + 1;
    return *own != '<' ? own : text;
}
