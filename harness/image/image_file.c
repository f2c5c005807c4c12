/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads and checks a guest image's file. libelf finds headers and tables, and every number in them is held against the
 * file's and the image's size, for whoever wrote the file may have meant harm: the process that reads it is not confined.
 */
#include "harness/image/image_file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/abi/boot.h"
#include "sim/array.h"
#include "sim/types.h"

#define SPAN_MAX    (256ull << 20)
#define ALIGNED_MAX (16ull << 20)

struct reader {
    struct image_file *file;
    Elf *elf;
    uint64_t file_bytes;
    uint64_t read_only_end; /* RELRO's end, rounded down to a page as the loader does */
    bool any_object;        /* it need not be a guest */
    bool found_guest;
    char *error;
    size_t error_bytes;
};

__attribute__((format(printf, 2, 3))) static bool refuse(struct reader *r, const char *format, ...)
{
    va_list arguments;
    const int used = snprintf(r->error, r->error_bytes, "%s can't be loaded: ", r->file->path);

    va_start(arguments, format);
    if (used > 0 && (size_t)used < r->error_bytes)
        vsnprintf(r->error + used, r->error_bytes - (size_t)used, format, arguments);
    va_end(arguments);
    return false;
}

/* ---- segments --------------------------------------------------------------------------------- */

static uint64_t page_down(uint64_t offset)
{
    return offset & ~(PAGE_BYTES - 1);
}

static uint64_t page_up(uint64_t offset)
{
    return page_down(offset + PAGE_BYTES - 1);
}

static bool add_part(struct reader *r, const GElf_Phdr *segment)
{
    struct image_file *file = r->file;

    if (segment->p_offset > r->file_bytes || segment->p_filesz > r->file_bytes - segment->p_offset)
        return refuse(r, "it is cut off before its segments end");
    if (segment->p_filesz > segment->p_memsz || segment->p_vaddr > SPAN_MAX ||
        segment->p_memsz > SPAN_MAX - segment->p_vaddr)
        return refuse(r, "it has a segment of an impossible size");
    if (file->nr_parts == IMAGE_SEGMENTS_MAX)
        return refuse(r, "it has more than %u segments", IMAGE_SEGMENTS_MAX);
    if (segment->p_align > ALIGNED_MAX || (segment->p_align & (segment->p_align - 1)) != 0)
        return refuse(r, "it has a segment with an impossible alignment");
    const struct image_part part = {
        .start = page_down(segment->p_vaddr),
        .end = page_up(segment->p_vaddr + segment->p_memsz),
        .writable = (segment->p_flags & PF_W) != 0,
        .code = (segment->p_flags & PF_X) != 0,
    };
    if (part.start < file->span)
        return refuse(r, "two of its segments share a page");
    if (part.writable && part.code)
        return refuse(r, "it has a segment that is code and can be written");
    if (segment->p_align > file->aligned)
        file->aligned = segment->p_align;
    file->span = part.end;
    file->parts[file->nr_parts++] = part;
    return true;
}

/* Which of its memory is code, and which the guest's data. */
static bool note_use(struct reader *r, const GElf_Phdr *segment)
{
    struct image_file *file = r->file;
    const uint64_t start = segment->p_vaddr, end = start + segment->p_memsz;

    if ((segment->p_flags & PF_X) != 0) {
        if (file->text_end != 0)
            return refuse(r, "it has two segments of code where one is expected");
        file->text_start = start;
        file->text_end = end;
    } else if ((segment->p_flags & PF_W) != 0 && end > r->read_only_end) {
        if (file->data_end != 0)
            return refuse(r, "it has two writable segments where one is expected");
        file->data_start = start > r->read_only_end ? start : r->read_only_end;
        file->data_end = end;
    }
    return true;
}

static bool read_segment(struct reader *r, const GElf_Phdr *segment)
{
    switch (segment->p_type) {
    case PT_LOAD:
        return segment->p_memsz == 0 || (add_part(r, segment) && note_use(r, segment));
    case PT_TLS:
        return refuse(r, "it has thread-local variables, which a kernel's code can't have");
    case PT_INTERP:
        return refuse(r, "it is a program, and wants an interpreter");
    default:
        return true;
    }
}

static bool read_segments(struct reader *r, size_t count)
{
    GElf_Phdr segment;

    for (size_t s = 0; s < count; s++)
        if (gelf_getphdr(r->elf, (int)s, &segment) != NULL && segment.p_type == PT_GNU_RELRO &&
            segment.p_vaddr <= SPAN_MAX && segment.p_memsz <= SPAN_MAX)
            r->read_only_end = page_down(segment.p_vaddr + segment.p_memsz);
    for (size_t s = 0; s < count; s++) {
        if (gelf_getphdr(r->elf, (int)s, &segment) == NULL)
            return refuse(r, "it is cut off in its headers");
        if (!read_segment(r, &segment))
            return false;
    }
    if (!r->any_object && (r->file->text_end == 0 || r->file->data_end == 0))
        return refuse(r, "it is no guest image of this version: run make");
    return true;
}

static bool read_bytes(struct reader *r, size_t count)
{
    struct image_file *file = r->file;
    GElf_Phdr segment;

    assert(file->span > 0 && file->span <= SPAN_MAX);
    file->bytes = calloc(1, file->span);
    if (file->bytes == NULL)
        return refuse(r, "no memory");
    for (size_t s = 0; s < count; s++) {
        if (gelf_getphdr(r->elf, (int)s, &segment) == NULL || segment.p_type != PT_LOAD)
            continue;
        for (uint64_t done = 0; done < segment.p_filesz;) {
            const ssize_t got = pread(file->fd, file->bytes + segment.p_vaddr + done, segment.p_filesz - done,
                (off_t)(segment.p_offset + done));
            if (got < 0 && errno == EINTR)
                continue;
            if (got <= 0)
                return refuse(r, "%s", got < 0 ? strerror(errno) : "it got shorter while it was read");
            done += (uint64_t)got;
        }
    }
    return true;
}

/* ---- what the dynamic loader would do --------------------------------------------------------- */

/* Code and other files that the loader would run or load. A kernel's build has none of them. */
static const char *wish_for_loader(const GElf_Dyn *entry)
{
    switch (entry->d_tag) {
    case DT_NEEDED:
    case DT_AUXILIARY:
    case DT_FILTER:
    case DT_AUDIT:
    case DT_DEPAUDIT:
        return "another library";
    case DT_INIT:
    case DT_FINI:
        return "code to run when it is loaded or leaves (_init, _fini)";
    case DT_INIT_ARRAYSZ:
    case DT_FINI_ARRAYSZ:
    case DT_PREINIT_ARRAYSZ:
        return entry->d_un.d_val != 0
                   ? "code to run when it is loaded or leaves (a constructor or destructor)"
                   : NULL;
    case DT_TEXTREL:
        return "its code to be changed when it is loaded";
    case DT_REL:
    case DT_RELR:
        return "relocations of another form than Elf64_Rela";
    default:
        return NULL;
    }
}

static bool read_dynamic(struct reader *r, Elf_Scn *section)
{
    Elf_Data *data = elf_getdata(section, NULL);
    GElf_Dyn entry;

    for (int d = 0; data != NULL && gelf_getdyn(data, d, &entry) != NULL && entry.d_tag != DT_NULL; d++) {
        const char *wish = wish_for_loader(&entry);
        if (wish != NULL)
            return refuse(r, "it wants %s; a kernel starts at its entry, and nothing runs before", wish);
    }
    return true;
}

static void put_word(struct image_file *file, uint64_t at, uint64_t value)
{
    memcpy(file->bytes + at, &value, sizeof value);
}

static bool in_writable(const struct image_file *file, uint64_t at)
{
    for (unsigned p = 0; p < file->nr_parts; p++)
        if (file->parts[p].writable && at >= file->parts[p].start && at < file->parts[p].end &&
            file->parts[p].end - at >= sizeof(uint64_t))
            return true;
    return false;
}

/* A symbol's value, and whether the image's address is added. */
static bool symbol_value(
    struct reader *r, Elf_Data *symbols, size_t strings, uint64_t number, uint64_t *value, bool *moves)
{
    GElf_Sym symbol;

    if (symbols == NULL || number > INT32_MAX || gelf_getsym(symbols, (int)number, &symbol) == NULL)
        return refuse(r, "a relocation names a symbol that isn't there");
    const int type = GELF_ST_TYPE(symbol.st_info);
    if (type == STT_GNU_IFUNC || type == STT_TLS)
        return refuse(
            r, "it wants code to run when it is loaded (an indirect function), or thread-local variables");
    *moves = symbol.st_shndx != SHN_UNDEF && symbol.st_shndx != SHN_ABS;
    *value = symbol.st_shndx != SHN_UNDEF ? symbol.st_value : 0;
    if (symbol.st_shndx == SHN_UNDEF && GELF_ST_BIND(symbol.st_info) != STB_WEAK) {
        const char *name = elf_strptr(r->elf, strings, symbol.st_name);
        return refuse(r, "nobody gives it %.100s", name != NULL ? name : "a symbol");
    }
    return true;
}

static bool relocate(struct reader *r, const GElf_Rela *entry, Elf_Data *symbols, size_t strings)
{
    struct image_file *file = r->file;
    uint64_t value = 0;
    bool moves = true;

    switch (GELF_R_TYPE(entry->r_info)) {
    case R_X86_64_NONE:
        return true;
    case R_X86_64_RELATIVE:
        value = (uint64_t)entry->r_addend;
        break;
    case R_X86_64_64:
    case R_X86_64_GLOB_DAT:
    case R_X86_64_JUMP_SLOT:
        if (!symbol_value(r, symbols, strings, GELF_R_SYM(entry->r_info), &value, &moves))
            return false;
        if (GELF_R_TYPE(entry->r_info) == R_X86_64_64)
            value += (uint64_t)entry->r_addend;
        break;
    case R_X86_64_IRELATIVE:
        return refuse(r, "it wants code to run when it is loaded (an indirect function)");
    default:
        return refuse(r, "it has a relocation of type %u", (unsigned)GELF_R_TYPE(entry->r_info));
    }
    if (!in_writable(file, entry->r_offset))
        return refuse(r, "a relocation is outside its writable segments");
    put_word(file, entry->r_offset, value);
    if (!moves)
        return true;
    if (!ARRAY_ONE_MORE(file->relocated, file->relocated_room, file->nr_relocated))
        return refuse(r, "no memory");
    file->relocated[file->nr_relocated++] = entry->r_offset;
    return true;
}

static bool read_relocations(struct reader *r, Elf_Scn *section, const GElf_Shdr *header)
{
    Elf_Scn *symbol_section = elf_getscn(r->elf, header->sh_link);
    GElf_Shdr symbol_header = {0};
    Elf_Data *symbols = NULL, *data = elf_getdata(section, NULL);
    GElf_Rela entry;

    if (header->sh_link != 0 && symbol_section != NULL &&
        gelf_getshdr(symbol_section, &symbol_header) != NULL && symbol_header.sh_type == SHT_DYNSYM)
        symbols = elf_getdata(symbol_section, NULL);
    for (int e = 0; data != NULL && gelf_getrela(data, e, &entry) != NULL; e++)
        if (!relocate(r, &entry, symbols, symbol_header.sh_link))
            return false;
    return true;
}

/* Finds guest_image, which has to lie in the guest's data. */
static bool read_symbols(struct reader *r, Elf_Scn *section, const GElf_Shdr *header)
{
    Elf_Data *data = elf_getdata(section, NULL);
    struct image_file *file = r->file;
    GElf_Sym symbol;

    for (int s = 0; data != NULL && gelf_getsym(data, s, &symbol) != NULL; s++) {
        const char *name = elf_strptr(r->elf, header->sh_link, symbol.st_name);
        if (name == NULL || symbol.st_shndx == SHN_UNDEF || strcmp(name, "guest_image") != 0)
            continue;
        if (symbol.st_value < file->data_start || symbol.st_value > file->data_end ||
            file->data_end - symbol.st_value < sizeof(struct guest_image) || symbol.st_value % 8 != 0)
            return refuse(r, "its guest_image is not in its data");
        file->guest = symbol.st_value;
        r->found_guest = true;
    }
    return true;
}

static bool read_sections(struct reader *r)
{
#ifdef BALLAST_COVERAGE
    const bool relocated_here = false; /* the loader does all that, and images want libgcov's constructors */
#else
    const bool relocated_here = true;
#endif
    uint64_t magic = 0;
    GElf_Shdr header;
    bool ok = true;

    for (Elf_Scn *s = elf_nextscn(r->elf, NULL); s != NULL && ok; s = elf_nextscn(r->elf, s)) {
        if (gelf_getshdr(s, &header) == NULL)
            return refuse(r, "it is cut off in its headers");
        if (header.sh_type == SHT_DYNAMIC)
            ok = !relocated_here || read_dynamic(r, s);
        else if (header.sh_type == SHT_DYNSYM)
            ok = read_symbols(r, s, &header);
        else if (header.sh_type == SHT_RELA && (header.sh_flags & SHF_ALLOC) != 0)
            ok = !relocated_here || read_relocations(r, s, &header);
    }
    if (!ok)
        return false;
    if (r->found_guest)
        memcpy(&magic, r->file->bytes + r->file->guest, sizeof magic);
    if (!r->any_object && magic != GUEST_IMAGE_MAGIC)
        return refuse(r, "it is no guest image of this version: run make");
    return true;
}

/* ---- the file --------------------------------------------------------------------------------- */

static bool read_elf(struct reader *r)
{
    GElf_Ehdr head;
    size_t count = 0;

    if (elf_kind(r->elf) != ELF_K_ELF || gelf_getehdr(r->elf, &head) == NULL ||
        gelf_getclass(r->elf) != ELFCLASS64 || head.e_ident[EI_DATA] != ELFDATA2LSB ||
        head.e_machine != EM_X86_64 || head.e_type != ET_DYN || elf_getphdrnum(r->elf, &count) != 0)
        return refuse(r, "it is no ELF file for this processor's kernels");
    return read_segments(r, count) && read_bytes(r, count) && read_sections(r);
}

static bool read_file(struct reader *r)
{
    struct stat status;

    r->file->fd = open(r->file->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* a pipe is not waited for */
    if (r->file->fd < 0 || fstat(r->file->fd, &status) != 0)
        return refuse(r, "%s", strerror(errno));
    if (!S_ISREG(status.st_mode))
        return refuse(r, "it is no file");
    r->file_bytes = (uint64_t)status.st_size;
    (void)elf_version(EV_CURRENT);
    /* Read, not mapped: a file that gets shorter meanwhile ends nothing. */
    r->elf = elf_begin(r->file->fd, ELF_C_READ, NULL);
    if (r->elf == NULL)
        return refuse(r, "%s", elf_errmsg(-1));
    const bool ok = read_elf(r);
    elf_end(r->elf);
    return ok;
}

static struct image_file *read_object(const char *path, bool any_object, char *error, size_t error_bytes)
{
    struct image_file *file = calloc(1, sizeof *file);
    struct reader reader = {
        .file = file, .any_object = any_object, .error = error, .error_bytes = error_bytes};

    assert(path != NULL && error_bytes > 0);
    if (file != NULL) {
        *file = (struct image_file){.users = 1, .fd = -1, .path = strdup(path), .aligned = PAGE_BYTES};
        if (file->path != NULL && read_file(&reader))
            return file;
    }
    if (file == NULL || file->path == NULL)
        snprintf(error, error_bytes, "%s can't be loaded: no memory", path);
    image_file_drop(file);
    return NULL;
}

struct image_file *image_file_read(const char *path, char *error, size_t error_bytes)
{
    return read_object(path, false, error, error_bytes);
}

bool image_file_runs_nothing(const char *path, char *error, size_t error_bytes)
{
    struct image_file *file = read_object(path, true, error, error_bytes);
    const bool read = file != NULL;

    image_file_drop(file);
    return read;
}

struct image_file *image_file_keep(struct image_file *file)
{
    assert(file->users > 0);
    file->users++;
    return file;
}

void image_file_drop(struct image_file *file)
{
    if (file == NULL)
        return;
    assert(file->users > 0);
    if (--file->users > 0)
        return;
    if (file->fd >= 0)
        close(file->fd);
    free(file->relocated);
    free(file->bytes);
    free(file->path);
    free(file);
}
