/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds kernels in the guests' folder. It is beside the program in a build, under lib/ballast in an installation, or where
 * BALLAST_GUESTS says (the Makefile sets it for a user's own drivers). libelf reads their descriptions out of the files.
 */
#include "harness/image/kernels.h"

#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <gelf.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/language/suggest.h"

#define IMAGE_ENDING   ".so"
#define MISSING_ENDING ".missing"

static struct {
    char folder[PATH_MAX]; /* the one that was read */
    struct kernel_info info[KERNELS_MAX];
    struct kernel *description[KERNELS_MAX]; /* NULL: not asked for yet, or it can't be read */
    size_t count;
} known;

/* ---- the folder ------------------------------------------------------------------------------- */

static bool is_folder_of(const char *program_folder, const char *below, char *out, size_t out_bytes)
{
    int length = snprintf(out, out_bytes, "%s/%s", program_folder, below);

    return length > 0 && (size_t)length < out_bytes && access(out, X_OK) == 0;
}

const char *image_folder(void)
{
    static char folder[PATH_MAX];
    const char *said = getenv("BALLAST_GUESTS");
    char program[PATH_MAX];

    if (said != NULL && *said != 0)
        return said;
    if (folder[0] != 0)
        return folder;
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0)
        return "build/guest";
    program[length] = 0;
    char *slash = strrchr(program, '/');
    if (slash != NULL)
        *slash = 0;
    if (!is_folder_of(program, "guest", folder, sizeof folder) &&
        !is_folder_of(program, "../lib/ballast", folder, sizeof folder))
        (void)is_folder_of(program, "guest", folder, sizeof folder); /* named in the complaint */
    return folder;
}

/* Bytes of a file's name before its ending, 0 when it has another. */
static size_t name_before(const char *file, const char *ending)
{
    size_t bytes = strlen(file), ending_bytes = strlen(ending);

    if (bytes <= ending_bytes || strcmp(file + bytes - ending_bytes, ending) != 0)
        return 0;
    bytes -= ending_bytes;
    return bytes < sizeof known.info[0].name ? bytes : 0;
}

/* The package that a file NAME.missing names, in its first line; a second, `design`, says what is missing. */
static void read_package(struct kernel_info *info, const char *file)
{
    char path[PATH_MAX + 300];
    FILE *in;

    char line[sizeof info->package] = "", second[16];

    snprintf(path, sizeof path, "%s/%s", image_folder(), file);
    const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    in = fd >= 0 ? fdopen(fd, "r") : NULL;
    if (in != NULL && fgets(line, sizeof line, in) == NULL)
        line[0] = 0;
    info->missing_design =
        in != NULL && fgets(second, sizeof second, in) != NULL && strcmp(second, "design\n") == 0;
    if (in != NULL)
        fclose(in);
    line[strcspn(line, "\n")] = 0;
    snprintf(info->package, sizeof info->package, "%s", line[0] != 0 ? line : "that its build names");
}

static void add_file(const char *file)
{
    size_t image_bytes = name_before(file, IMAGE_ENDING), missing_bytes = name_before(file, MISSING_ENDING);
    size_t bytes = image_bytes != 0 ? image_bytes : missing_bytes;
    struct kernel_info *info = &known.info[known.count];

    if (bytes == 0 || known.count == KERNELS_MAX)
        return;
    *info = (struct kernel_info){0};
    memcpy(info->name, file, bytes);
    memcpy(info->file, file, bytes);
    strcpy(info->file + bytes, IMAGE_ENDING);
    if (image_bytes == 0)
        read_package(info, file);
    known.count++;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct kernel_info *)a)->name, ((const struct kernel_info *)b)->name);
}

/* If there are both NAME.so and NAME.missing, drops the second: the image, which names no package, counts. */
static void drop_twins(void)
{
    size_t kept = 0;

    for (size_t k = 0; k < known.count; k++) {
        bool twin = kept > 0 && strcmp(known.info[kept - 1].name, known.info[k].name) == 0;
        if (!twin)
            known.info[kept++] = known.info[k];
        else if (known.info[k].package[0] == 0)
            known.info[kept - 1] = known.info[k];
    }
    known.count = kept;
}

/* Reads the folder, unless it is the one that was read. */
static void look(void)
{
    const char *folder = image_folder();
    struct dirent *entry;
    DIR *dir;

    if (strcmp(known.folder, folder) == 0)
        return;
    for (size_t k = 0; k < known.count; k++)
        kernel_free(known.description[k]);
    memset(&known, 0, sizeof known);
    snprintf(known.folder, sizeof known.folder, "%s", folder);
    dir = opendir(folder);
    if (dir == NULL)
        return;
    while ((entry = readdir(dir)) != NULL)
        add_file(entry->d_name);
    closedir(dir);
    qsort(known.info, known.count, sizeof known.info[0], by_name);
    drop_twins();
    assert(known.count <= KERNELS_MAX);
}

const struct kernel_info *kernel_info(const char *name)
{
    look();
    for (size_t k = 0; k < known.count; k++)
        if (strcmp(known.info[k].name, name) == 0)
            return &known.info[k];
    return NULL;
}

const char *kernel_in_place(const char *other, const char *own)
{
    char name[sizeof((struct kernel_info *)0)->name];

    if (other == NULL)
        return own;
    for (const char *dash = strchr(own, '-'); dash != NULL; dash = strchr(dash + 1, '-')) {
        if (snprintf(name, sizeof name, "%.*s", (int)(dash - own), own) >= (int)sizeof name)
            break;
        if (kernel_info(name) == NULL)
            continue;
        if (strcmp(name, other) == 0) /* of one version it is the one that was asked for */
            break;
        if (snprintf(name, sizeof name, "%s%s", other, dash) < (int)sizeof name && kernel_info(name) != NULL)
            return kernel_info(name)->name;
    }
    return other;
}

const struct kernel_info *kernel_next(const struct kernel_info *previous)
{
    if (previous == NULL)
        look();
    const struct kernel_info *next = previous == NULL ? known.info : previous + 1;

    assert(next >= known.info && next <= known.info + known.count);
    return next < known.info + known.count ? next : NULL;
}

#define MORE_KERNELS " and more: `ballast list kernels`"

void kernel_names(char *out, size_t out_bytes)
{
    size_t used = 0;

    assert(out_bytes > 0);
    out[0] = 0;
    for (const struct kernel_info *k = kernel_next(NULL); k != NULL; k = kernel_next(k)) {
        if (out_bytes > 2 * sizeof MORE_KERNELS &&
            used + strlen(k->name) + sizeof MORE_KERNELS + 2 > out_bytes) {
            snprintf(out + used, out_bytes - used, MORE_KERNELS);
            return;
        }
        if (used >= out_bytes)
            return;
        used += (size_t)snprintf(out + used, out_bytes - used, "%s%s", used != 0 ? ", " : "", k->name);
    }
}

const char *kernel_meant(const char *name)
{
    struct suggestion suggestion;

    suggest_begin(&suggestion, name, strlen(name));
    for (const struct kernel_info *k = kernel_next(NULL); k != NULL; k = kernel_next(k))
        suggest_offer(&suggestion, k->name);
    return suggestion.best;
}

void kernel_unknown(const char *name, char *out, size_t out_bytes)
{
    const char *const meant = kernel_meant(name);
    char names[200];

    assert(kernel_info(name) == NULL);
    kernel_names(names, sizeof names);
    if (meant != NULL)
        snprintf(out, out_bytes, "no kernel is called %.60s; did you mean `%s`?", name, meant);
    else if (names[0] != 0)
        snprintf(out, out_bytes, "no kernel is called %.60s; there are %s", name, names);
    else
        snprintf(out, out_bytes, "kernel=%.60s is not built: %s has no guest's image; run make", name,
            image_folder());
}

/* ---- descriptions ----------------------------------------------------------------------------- */

/* The section's bytes, in the ELF file's own memory; NULL: it has none. */
static Elf_Data *find_section(Elf *elf)
{
    size_t names = 0;
    GElf_Shdr header;

    if (elf_getshdrstrndx(elf, &names) != 0)
        return NULL;
    for (Elf_Scn *section = elf_nextscn(elf, NULL); section != NULL; section = elf_nextscn(elf, section)) {
        const char *name =
            gelf_getshdr(section, &header) != NULL ? elf_strptr(elf, names, header.sh_name) : NULL;
        if (name != NULL && strcmp(name, KERNEL_SECTION) == 0)
            return elf_getdata(section, NULL);
    }
    return NULL;
}

static struct kernel *read_section(Elf *elf, const char *path, char *error, size_t error_bytes)
{
    const Elf_Data *data = find_section(elf);
    char what[400];
    struct kernel *kernel;

    if (data == NULL || data->d_buf == NULL || data->d_size == 0) {
        snprintf(error, error_bytes,
            "%s can't be loaded: its kernel does not describe itself (there is no section %s); run make",
            path, KERNEL_SECTION);
        return NULL;
    }
    kernel = kernel_parse(data->d_buf, data->d_size, what, sizeof what);
    if (kernel == NULL)
        snprintf(error, error_bytes, "%s can't be loaded: %s", path, what);
    return kernel;
}

struct kernel *kernel_of_file(const char *path, char *error, size_t error_bytes)
{
    struct kernel *kernel = NULL;
    struct stat status;
    Elf *elf;

    assert(error_bytes > 0);
    const int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* a pipe is not waited for */
    if (file < 0) {
        snprintf(error, error_bytes, "%s is missing", path);
        return NULL;
    }
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
        snprintf(error, error_bytes, "%s can't be loaded: it is no file", path);
        close(file);
        return NULL;
    }
    (void)elf_version(EV_CURRENT);
    elf = elf_begin(file, ELF_C_READ, NULL); /* not mapped: a file that gets shorter meanwhile ends nothing */
    if (elf == NULL || elf_kind(elf) != ELF_K_ELF)
        snprintf(error, error_bytes, "%s can't be loaded: it is no ELF file", path);
    else
        kernel = read_section(elf, path, error, error_bytes);
    if (elf != NULL)
        elf_end(elf);
    close(file);
    return kernel;
}

const struct kernel *kernel_description(const struct kernel_info *info, char *error, size_t error_bytes)
{
    size_t row = (size_t)(info - known.info);
    char path[PATH_MAX + 64];

    assert(row < known.count && error_bytes > 0);
    if (known.description[row] == NULL) {
        snprintf(path, sizeof path, "%s/%s", known.folder, info->file);
        known.description[row] = kernel_of_file(path, error, error_bytes);
    }
    return known.description[row];
}

const struct kernel *kernel_describe(const char *name)
{
    const struct kernel_info *info = kernel_info(name);
    char unused[512]; /* the message; it is made again when a domain with this kernel is built */

    return info != NULL ? kernel_description(info, unused, sizeof unused) : NULL;
}
