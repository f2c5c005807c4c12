/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of reading an image's file, on a real one that is changed byte by byte: what a hostile linker may write is refused
 * with a sentence, and whatever is read gives a copy.
 */
#include "harness/image/image_file.h"

#include <check.h>
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "harness/image/image.h"
#include "harness/image/image_copy.h"

static char error[PATH_MAX + 512], folder[] = "/tmp/ballast-file-XXXXXX", file[64];
static char *bytes; /* of the probe's image */
static size_t count;

#define ASSERT_SAYS(part) ck_assert_msg(strstr(error, (part)) != NULL, "no \"%s\" in: %s", (part), error)

static void setup(void)
{
    char path[PATH_MAX + 64];

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(file, sizeof file, "%s/guest", folder);
    snprintf(path, sizeof path, "%s/%s", image_folder(), kernel_info("probe")->file);
    FILE *in = fopen(path, "r");
    ck_assert_ptr_nonnull(in);
    ck_assert_int_eq(fseek(in, 0, SEEK_END), 0);
    count = (size_t)ftell(in);
    rewind(in);
    bytes = malloc(count);
    ck_assert_uint_eq(fread(bytes, 1, count, in), count);
    fclose(in);
    error[0] = 0;
}

static void teardown(void)
{
    free(bytes);
    unlink(file);
    ck_assert_int_eq(rmdir(folder), 0);
}

static void write_file(const void *from, size_t size)
{
    FILE *out = fopen(file, "w");

    ck_assert_ptr_nonnull(out);
    ck_assert_uint_eq(fwrite(from, 1, size, out), size);
    ck_assert_int_eq(fclose(out), 0);
}

static Elf64_Ehdr *head(void)
{
    return (Elf64_Ehdr *)(void *)bytes;
}

static Elf64_Phdr *segment(uint32_t type, uint32_t flags)
{
    Elf64_Phdr *all = (Elf64_Phdr *)(void *)(bytes + head()->e_phoff);

    for (unsigned s = 0; s < head()->e_phnum; s++)
        if (all[s].p_type == type && all[s].p_flags == flags)
            return &all[s];
    ck_abort_msg("no such segment");
}

static Elf64_Shdr *section(uint32_t type)
{
    Elf64_Shdr *all = (Elf64_Shdr *)(void *)(bytes + head()->e_shoff);

    for (unsigned s = 0; s < head()->e_shnum; s++)
        if (all[s].sh_type == type && (all[s].sh_flags & SHF_ALLOC) != 0)
            return &all[s];
    ck_abort_msg("no such section");
}

static void dynamic(int64_t tag, uint64_t value)
{
    Elf64_Dyn *first = (Elf64_Dyn *)(void *)(bytes + section(SHT_DYNAMIC)->sh_offset);

    *first = (Elf64_Dyn){.d_tag = tag, .d_un = {.d_val = value}};
}

static Elf64_Rela *relocation(void)
{
    return (Elf64_Rela *)(void *)(bytes + section(SHT_RELA)->sh_offset);
}

/* The first symbol behind the empty one. */
static Elf64_Sym *symbol(void)
{
    return (Elf64_Sym *)(void *)(bytes + section(SHT_DYNSYM)->sh_offset) + 1;
}

#define RW (PF_R | PF_W)
#define RX (PF_R | PF_X)

static void no_magic(void)
{
    bytes[1] = 'e';
}
static void of_32_bits(void)
{
    bytes[EI_CLASS] = ELFCLASS32;
}
static void of_another_processor(void)
{
    head()->e_machine = EM_AARCH64;
}
static void a_program(void)
{
    head()->e_type = ET_EXEC;
}
static void headers_past_the_end(void)
{
    head()->e_phoff = count;
}
static void no_segments(void)
{
    head()->e_phnum = 0;
}
static void past_the_end(void)
{
    segment(PT_LOAD, RW)->p_offset = count;
}
static void longer_than_the_file(void)
{
    segment(PT_LOAD, RW)->p_filesz = segment(PT_LOAD, RW)->p_memsz = count;
}
static void of_no_end(void)
{
    segment(PT_LOAD, RW)->p_memsz = UINT64_MAX;
}
static void far_up(void)
{
    segment(PT_LOAD, RW)->p_vaddr = UINT64_MAX - 4096;
}
static void more_in_the_file(void)
{
    segment(PT_LOAD, RW)->p_memsz = 1;
}
static void over_one_another(void)
{
    segment(PT_LOAD, RW)->p_vaddr = segment(PT_LOAD, RX)->p_vaddr;
}
static void writable_code(void)
{
    segment(PT_LOAD, RX)->p_flags |= PF_W;
}
static void code_twice(void)
{
    segment(PT_LOAD, PF_R)->p_flags |= PF_X;
}
static void data_twice(void)
{
    segment(PT_LOAD, PF_R)->p_flags |= PF_W;
    segment(PT_GNU_RELRO, PF_R)->p_type = PT_NULL;
}
static void no_data(void)
{
    segment(PT_LOAD, RW)->p_flags = PF_R;
}
static void oddly_aligned(void)
{
    segment(PT_LOAD, RW)->p_align = 4095;
}
static void aligned_too_far(void)
{
    segment(PT_LOAD, RW)->p_align = 1ull << 40;
}
static void with_tls(void)
{
    segment(PT_GNU_STACK, RW)->p_type = PT_TLS;
}
static void with_interpreter(void)
{
    segment(PT_GNU_STACK, RW)->p_type = PT_INTERP;
}
static void needs_a_library(void)
{
    dynamic(DT_NEEDED, 1);
}
static void wants_an_auditor(void)
{
    dynamic(DT_AUDIT, 1);
}
static void wants_another_auditor(void)
{
    dynamic(DT_DEPAUDIT, 1);
}
static void filters(void)
{
    dynamic(DT_FILTER, 1);
}
static void helps(void)
{
    dynamic(DT_AUXILIARY, 1);
}
static void with_init(void)
{
    dynamic(DT_INIT, 0x2000);
}
static void with_fini(void)
{
    dynamic(DT_FINI, 0x2000);
}
static void with_constructors(void)
{
    dynamic(DT_INIT_ARRAYSZ, 8);
}
static void with_destructors(void)
{
    dynamic(DT_FINI_ARRAYSZ, 8);
}
static void with_early_constructors(void)
{
    dynamic(DT_PREINIT_ARRAYSZ, 8);
}
static void changes_its_code(void)
{
    dynamic(DT_TEXTREL, 0);
}
static void packed(void)
{
    dynamic(DT_RELR, 0x1000);
}
static void indirect(void)
{
    relocation()->r_info = ELF64_R_INFO(0, R_X86_64_IRELATIVE);
}
static void thread_local_word(void)
{
    relocation()->r_info = ELF64_R_INFO(0, R_X86_64_TPOFF64);
}
static void copied(void)
{
    relocation()->r_info = ELF64_R_INFO(1, R_X86_64_COPY);
}
static void of_no_symbol(void)
{
    relocation()->r_info = ELF64_R_INFO(UINT32_MAX, R_X86_64_64);
}
static void relocated_outside(void)
{
    relocation()->r_offset = 1ull << 40;
}
static void relocated_at_the_end(void)
{
    relocation()->r_offset = UINT64_MAX - 3;
}
static void relocated_code(void)
{
    relocation()->r_offset = segment(PT_LOAD, RX)->p_vaddr;
}
static void indirect_function(void)
{
    relocation()->r_info = ELF64_R_INFO(1, R_X86_64_64);
    symbol()->st_info = ELF64_ST_INFO(STB_GLOBAL, STT_GNU_IFUNC);
}
static void given_by_nobody(void)
{
    relocation()->r_info = ELF64_R_INFO(1, R_X86_64_64);
    symbol()->st_shndx = SHN_UNDEF;
    symbol()->st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC);
}
static void guest_image_elsewhere(void)
{
    symbol()->st_value = 1ull << 40;
}
static void guest_image_in_code(void)
{
    symbol()->st_value = segment(PT_LOAD, RX)->p_vaddr;
}
static void no_guest_image(void)
{
    symbol()->st_name = 0;
}

static const struct {
    void (*change)(void);
    const char *says;
} odd[] = {
    {no_magic, "it is no ELF file"},
    {of_32_bits, "it is no ELF file"},
    {of_another_processor, "it is no ELF file for this"},
    {a_program, "it is no ELF file for this"},
    {headers_past_the_end, "can't be loaded: it is "},
    {no_segments, "it is no guest image"},
    {past_the_end, "it is cut off before its segments end"},
    {longer_than_the_file, "it is cut off before its segments end"},
    {of_no_end, "of an impossible size"},
    {far_up, "of an impossible size"},
    {more_in_the_file, "of an impossible size"},
    {over_one_another, "share a page"},
    {writable_code, "is code and can be written"},
    {code_twice, "two segments of code"},
    {data_twice, "two writable segments"},
    {no_data, "it is no guest image"},
    {oddly_aligned, "impossible alignment"},
    {aligned_too_far, "impossible alignment"},
    {with_tls, "thread-local"},
    {with_interpreter, "interpreter"},
    {needs_a_library, "another library"},
    {wants_an_auditor, "another library"},
    {wants_another_auditor, "another library"},
    {filters, "another library"},
    {helps, "another library"},
    {with_init, "code to run when it is loaded"},
    {with_fini, "code to run when it is loaded"},
    {with_constructors, "a constructor"},
    {with_destructors, "a constructor"},
    {with_early_constructors, "a constructor"},
    {changes_its_code, "its code to be changed"},
    {packed, "another form"},
    {indirect, "an indirect function"},
    {thread_local_word, "a relocation of type"},
    {copied, "a relocation of type"},
    {of_no_symbol, "a symbol that isn't there"},
    {relocated_outside, "outside its writable segments"},
    {relocated_at_the_end, "outside its writable segments"},
    {relocated_code, "outside its writable segments"},
    {indirect_function, "an indirect function"},
    {given_by_nobody, "nobody gives it guest_image"},
    {guest_image_elsewhere, "guest_image is not in its data"},
    {guest_image_in_code, "guest_image is not in its data"},
    {no_guest_image, "it is no guest image"},
};

/* With coverage it is the loader that does so, and not in these words. */
#ifdef BALLAST_COVERAGE
#define ODD_KERNELS 0
#else
#define ODD_KERNELS ((int)(sizeof odd / sizeof odd[0]))
#endif
START_TEST(what_a_kernel_never_has_is_refused)
{
    odd[_i].change();
    write_file(bytes, count);
    struct image_file *read = image_file_read(file, error, sizeof error);
    ck_assert_msg(read == NULL, "%s", odd[_i].says);
    ASSERT_SAYS("/guest can't be loaded: ");
    ASSERT_SAYS(odd[_i].says);
}
END_TEST

/* Whatever bytes change in its headers and tables: it is refused, or a copy can be made and dropped again. */
START_TEST(a_damaged_file_does_no_harm)
{
    uint64_t random = 1;
    unsigned whole = 0;

    for (unsigned n = 0; n < 600; n++) {
        char *changed = malloc(count);
        struct image_copy copy;
        memcpy(changed, bytes, count);
        for (unsigned c = 0; c <= n % 4; c++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            const size_t where = (random >> 61) == 0 ? head()->e_shoff
                                 : n % 2 == 0        ? 0
                                                     : section(SHT_RELA)->sh_offset;
            changed[(where + (random >> 33) % 600) % count] = (char)(random >> 20);
        }
        write_file(changed, n % 16 == 0 ? (random >> 33) % count : count);
        free(changed);
        struct image_file *read = image_file_read(file, error, sizeof error);
        if (read != NULL && image_copy_make(read, &copy, error, sizeof error)) {
            whole++;
            image_copy_drop(&copy);
        } else
            ck_assert_ptr_nonnull(strstr(error, "can't be loaded: "));
        image_file_drop(read);
    }
    ck_assert_uint_gt(whole, 0);
}
END_TEST

START_TEST(what_is_not_there_or_no_file)
{
    ck_assert_ptr_null(image_file_read(file, error, sizeof error));
    ASSERT_SAYS("/guest can't be loaded: No such file");
    ck_assert_ptr_null(image_file_read(folder, error, sizeof error));
    ASSERT_SAYS("it is no file");
    write_file("text", 4);
    ck_assert_ptr_null(image_file_read(file, error, sizeof error));
    ASSERT_SAYS("it is no ELF file");
    write_file("", 0);
    ck_assert_ptr_null(image_file_read(file, error, sizeof error));
    ASSERT_SAYS("can't be loaded: ");
}
END_TEST

/* The bytes that were read count, and not what becomes of the file. */
START_TEST(a_copy_needs_no_file)
{
    struct image_copy copy;

    write_file(bytes, count);
    struct image_file *read = image_file_read(file, error, sizeof error);
    ck_assert_msg(read != NULL, "%s", error);
    ck_assert_int_eq(truncate(file, 0), 0);
    if (!image_copy_is_by_loader()) {
        ck_assert_msg(image_copy_make(read, &copy, error, sizeof error), "%s", error);
        ck_assert_uint_eq(copy.guest->magic, GUEST_IMAGE_MAGIC);
        ck_assert(copy.text_start < copy.text_end && copy.data_start < copy.data_end);
        image_copy_drop(&copy);
    }
    image_file_drop(read);
}
END_TEST

START_TEST(a_debugger_has_each_copy_for_itself)
{
    struct image_copy one, other;
    const int before = open("/dev/null", O_RDONLY);

    image_copy_by_loader();
    write_file(bytes, count);
    struct image_file *read = image_file_read(file, error, sizeof error);
    ck_assert_msg(read != NULL, "%s", error);
    ck_assert_msg(image_copy_make(read, &one, error, sizeof error), "%s", error);
    ck_assert_msg(image_copy_make(read, &other, error, sizeof error), "%s", error);
    ck_assert_ptr_nonnull(one.handle);
    ck_assert_ptr_ne(one.guest, other.guest);
    ck_assert_ptr_eq(dlsym(other.handle, "guest_image"), other.guest);
    image_copy_drop(&other);
    image_copy_drop(&one);
    image_file_drop(read);
    close(before);
    ck_assert_int_eq(open("/dev/null", O_RDONLY), before); /* none is left open */
    close(before);
}
END_TEST

/* The lowest number that is free is the last one allowed: the file can be opened, the loader's copy can't be made. */
START_TEST(no_number_is_free)
{
    struct rlimit before, few;
    struct image_copy copy;
    bool made = false;

    image_copy_by_loader();
    write_file(bytes, count);
    const int lowest = open("/dev/null", O_RDONLY);
    ck_assert_int_ge(lowest, 0);
    close(lowest);
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = (struct rlimit){(rlim_t)(lowest + _i), before.rlim_max};
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
    struct image_file *read = image_file_read(file, error, sizeof error);
    if (read != NULL)
        made = image_copy_make(read, &copy, error, sizeof error);
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
    ck_assert(!made && (read != NULL) == (_i == 1));
    ASSERT_SAYS("Too many open files");
    image_file_drop(read);
}
END_TEST

Suite *image_file_suite(void);

Suite *image_file_suite(void)
{
    Suite *suite = suite_create("image_file");
    TCase *tests = tcase_create("files of images");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, what_a_kernel_never_has_is_refused, 0, ODD_KERNELS);
    tcase_add_test(tests, a_damaged_file_does_no_harm);
    tcase_add_test(tests, what_is_not_there_or_no_file);
    tcase_add_test(tests, a_copy_needs_no_file);
    tcase_add_test(tests, a_debugger_has_each_copy_for_itself);
    tcase_add_loop_test(tests, no_number_is_free, 0, 2);
    suite_add_tcase(suite, tests);
    return suite;
}
