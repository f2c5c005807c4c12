/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A real Xen in QEMU: starting it, its memory, what goes wrong with it, and its end. docs/real-xen.md says how this way of
 * booting was found. Hypercalls go through the conductor (conductor.h).
 */
#include "harness/xen/xen_host.h"

#include "sim/types.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#define QEMU              "qemu-system-x86_64"
#define QEMU_PACKAGE      "qemu-system-x86"
#define CONSOLE_BYTES_MAX (1u << 20)
#define MULTIBOOT_BYTES   8192u
/* Where the memory below 4 GiB ends on QEMU's pc: at the first address, or at the second when there is more memory. */
#define LOW_MEMORY_BYTES  0xe0000000ull
#define LOW_MEMORY_SPLIT  0xc0000000ull
#define HIGH_MEMORY_BASE  (4ull << 30)

struct xen_host {
    pid_t qemu;
    int console_pipe;
    int memory_file,
        xen_file; /* in memory, without names: nothing is left of them, however this process ends */
    char *console;
    size_t console_bytes;
    char *memory;
    size_t memory_bytes;
    uint64_t deadline_ns;
    unsigned limit_s;
    struct conductor *conductor;
    struct xen_found found;
    char *area; /* the conductor's room for arguments, as this process sees it */
    enum xen_trouble trouble;
    char sentence[512];
};

static uint64_t wall_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

__attribute__((format(printf, 3, 4))) static bool fail(
    struct xen_host *host, enum xen_trouble trouble, const char *format, ...)
{
    va_list arguments;

    assert(trouble != XEN_FINE);
    if (host->trouble != XEN_FINE)
        return false; /* the first trouble is the cause of the others */
    host->trouble = trouble;
    va_start(arguments, format);
    vsnprintf(host->sentence, sizeof host->sentence, format, arguments);
    va_end(arguments);
    return false;
}

/* QEMU starts a file that has a Multiboot header in its first 8 KiB, and takes any other for a boot sector's. */
static bool is_hypervisor(const char *begin, size_t bytes)
{
    static const unsigned char magic[] = {0x02, 0xb0, 0xad, 0x1b}; /* Multiboot specification, 3.1.2 */

    for (size_t at = 0; at + sizeof magic <= bytes && at < MULTIBOOT_BYTES; at += sizeof magic)
        if (memcmp(begin + at, magic, sizeof magic) == 0)
            return true;
    return false;
}

/* QEMU's -kernel refuses the packed file that Debian ships. */
static bool unpack_xen(struct xen_host *host, const struct xen_host_options *options)
{
    const char *path = options->xen_path != NULL ? options->xen_path : options->xen->image;
    gzFile packed = gzopen(path, "rb");
    const int copy = packed != NULL ? dup(host->xen_file) : -1;
    FILE *plain = copy >= 0 ? fdopen(copy, "wb") : NULL;
    char chunk[65536];
    bool hypervisor = false;
    int got = 0;

    if (packed == NULL && options->xen_path != NULL)
        return fail(host, XEN_BROKEN, "can't read %s: %s", path, strerror(errno));
    if (packed == NULL)
        return fail(host, XEN_MISSING,
            "the hypervisor is not installed: apt-get install %s (a package of %s)", options->xen->package,
            options->xen->debian);
    for (bool first = true; plain != NULL && (got = gzread(packed, chunk, sizeof chunk)) > 0; first = false) {
        hypervisor = first ? is_hypervisor(chunk, (size_t)got) : hypervisor;
        if (fwrite(chunk, 1, (size_t)got, plain) != (size_t)got)
            got = -1;
    }
    gzclose(packed);
    if (plain == NULL || fclose(plain) != 0 || got < 0)
        return fail(host, XEN_BROKEN, "can't unpack %s: %s", path, strerror(errno));
    if (!hypervisor)
        return fail(host, XEN_BROKEN,
            "%s is no hypervisor: it has no Multiboot header in its first 8 KiB; the file that is meant is "
            "called "
            "xen.gz where Xen is built, and xen-VERSION-amd64.gz in Debian's packages",
            path);
    return true;
}

/* QEMU opens its files by these names; they stay open over exec. */
static void name_file(int fd, char *name, size_t bytes)
{
    fcntl(fd, F_SETFD, 0);
    snprintf(name, bytes, "/proc/self/fd/%d", fd);
}

static void become_qemu(const struct xen_host_options *options, const struct xen_host *host, int console)
{
    char memory[32], memory_name[32], backend[128], kernel[32], append[240];

    snprintf(memory, sizeof memory, "%u", options->memory_mib);
    name_file(host->memory_file, memory_name, sizeof memory_name);
    name_file(host->xen_file, kernel, sizeof kernel);
    snprintf(backend, sizeof backend, "memory-backend-file,id=ram,size=%uM,mem-path=%s,share=on",
        options->memory_mib, memory_name);
    snprintf(append, sizeof append,
        "sched=credit sched_ratelimit_us=0 console=com1 com1=115200,8n1 loglvl=warning guest_loglvl=none "
        "bootscrub=false spec-ctrl=no xpti=no pv-l1tf=no dom0_mem=%uM,max:%uM",
        options->dom0_mib, options->dom0_max_mib);
    char *arguments[] = {QEMU, "-accel", "tcg", "-cpu", options->nested_paging ? "qemu64,+npt" : "qemu64",
        "-m", memory, "-display", "none", "-serial", "stdio", "-monitor", "none", "-no-reboot", "-nodefaults",
        "-device", "isa-debug-exit,iobase=0xf4,iosize=1", "-object", backend, "-machine",
        "pc,memory-backend=ram", "-kernel", kernel, "-append", append, "-initrd",
        (char *)(uintptr_t)options->dom0_image, NULL};

    prctl(PR_SET_PDEATHSIG, SIGKILL); /* ^C in the harness leaves no hypervisor behind */
    int nothing = open("/dev/null", O_RDWR);
    dup2(nothing, STDIN_FILENO);
    dup2(console, STDOUT_FILENO);
    dup2(console, STDERR_FILENO);
    execvp(QEMU, arguments);
    dprintf(STDOUT_FILENO, "%s: %s\n", QEMU, strerror(errno));
    _exit(errno == ENOENT ? 127 : 126);
}

static bool map_memory(struct xen_host *host, unsigned memory_mib)
{
    host->memory_bytes = (size_t)memory_mib << 20;
    if (ftruncate(host->memory_file, (off_t)host->memory_bytes) == 0)
        host->memory =
            mmap(NULL, host->memory_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, host->memory_file, 0);
    return host->memory != MAP_FAILED ||
           fail(host, XEN_BROKEN, "no room for QEMU's memory: %s", strerror(errno));
}

static void close_files(struct xen_host *host)
{
    int *const files[] = {&host->memory_file, &host->xen_file};

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (*files[i] >= 0)
            close(*files[i]);
        *files[i] = -1;
    }
}

static bool start_qemu(struct xen_host *host, const struct xen_host_options *options)
{
    int ends[2];

    host->memory_file = memfd_create("QEMU's memory", MFD_CLOEXEC);
    host->xen_file = memfd_create("Xen", MFD_CLOEXEC);
    if (host->memory_file < 0 || host->xen_file < 0)
        return fail(host, XEN_BROKEN, "can't make files in memory: %s", strerror(errno));
    if (!unpack_xen(host, options) || !map_memory(host, options->memory_mib))
        return false;
    if (access(options->dom0_image, R_OK) != 0)
        return fail(host, XEN_MISSING, "%s is missing; in a clone, `make pv` builds it", options->dom0_image);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail(host, XEN_BROKEN, "can't make a pipe: %s", strerror(errno));
    host->qemu = fork();
    if (host->qemu == 0)
        become_qemu(options, host, ends[1]);
    close(ends[1]);
    host->console_pipe = ends[0];
    fcntl(host->console_pipe, F_SETFL, O_NONBLOCK);
    return host->qemu > 0 || fail(host, XEN_BROKEN, "can't fork: %s", strerror(errno));
}

static void drain_console(struct xen_host *host)
{
    ssize_t got;

    while (host->console_bytes < CONSOLE_BYTES_MAX &&
           (got = read(host->console_pipe, host->console + host->console_bytes,
                CONSOLE_BYTES_MAX - host->console_bytes)) > 0)
        host->console_bytes += (size_t)got;
    host->console[host->console_bytes] = '\0';
}

/* What Xen printed when it died, from the first line that says so. */
static const char *panic_text(const struct xen_host *host)
{
    static const char *const marks[] = {"Panic on CPU", "Xen BUG at", "FATAL TRAP", "Domain 0 crashed"};

    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        const char *found = strstr(host->console, marks[i]);
        if (found != NULL)
            return found;
    }
    return NULL;
}

/* Looks for signs of trouble. False: there is some, and it is noted. */
static bool look_for_trouble(struct xen_host *host)
{
    int status;

    if (host->trouble != XEN_FINE)
        return false;
    drain_console(host);
    const char *panic = panic_text(host);
    if (panic != NULL)
        return fail(host, XEN_PANICKED, "Xen says: %.400s", panic);
    if (waitpid(host->qemu, &status, WNOHANG) == host->qemu) {
        host->qemu = 0;
        drain_console(host);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
            return fail(host, XEN_MISSING, "%s is not installed: apt-get install %s", QEMU, QEMU_PACKAGE);
        if (WIFSIGNALED(status))
            return fail(host, XEN_BROKEN,
                "QEMU was killed (signal %d, %s): somebody did so, or the kernel for want of memory (dmesg "
                "says)",
                WTERMSIG(status), strsignal(WTERMSIG(status)));
        return fail(host, XEN_BROKEN, "QEMU ended by itself; its last words: %.300s",
            host->console_bytes > 300 ? host->console + host->console_bytes - 300 : host->console);
    }
    if (wall_ns() > host->deadline_ns)
        return fail(host, XEN_HUNG, "no answer from Xen within %u s", host->limit_s);
    return true;
}

/* Where a machine address is in QEMU's memory file. */
static uint64_t file_offset(const struct xen_host *host, uint64_t machine_address)
{
    uint64_t low = host->memory_bytes > LOW_MEMORY_BYTES ? LOW_MEMORY_SPLIT : LOW_MEMORY_BYTES;

    if (machine_address >= HIGH_MEMORY_BASE)
        return machine_address - HIGH_MEMORY_BASE + low;
    return machine_address < low ? machine_address : UINT64_MAX;
}

/* A frame's bytes in QEMU's memory; NULL past its end. */
static void *frame(const struct xen_host *host, uint64_t mfn)
{
    uint64_t offset = mfn < UINT64_MAX / PAGE_BYTES ? file_offset(host, mfn * PAGE_BYTES) : UINT64_MAX;

    return offset < host->memory_bytes ? host->memory + offset : NULL;
}

/* Called before each question: starts the time limit. */
static bool question_begins(void *context)
{
    struct xen_host *host = context;

    xen_host_wait_begins(host);
    return host->trouble == XEN_FINE;
}

static bool question_goes_on(void *context)
{
    return look_for_trouble(context);
}

/* The conductor prints where its control page is once it is ready for questions. */
static bool meet_conductor(struct xen_host *host)
{
    const struct conductor_watch watch = {host, question_begins, question_goes_on};
    const char *said;

    while ((said = strstr(host->console, PV_CONTROL_MARKER)) == NULL || strchr(said, '\n') == NULL) {
        if (!look_for_trouble(host))
            return false;
        usleep(2000);
    }
    uint64_t address = strtoull(said + strlen(PV_CONTROL_MARKER), NULL, 16);
    struct pv_control *control = frame(host, address / PAGE_BYTES);
    if (control == NULL || control->magic != PV_CONTROL_MAGIC)
        return fail(
            host, XEN_BROKEN, "dom0's control page is not where it said: %#llx", (unsigned long long)address);
    host->area =
        mmap(NULL, PV_AREA_PAGES * PAGE_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    for (unsigned i = 0; i < PV_AREA_PAGES; i++)
        if (!xen_host_map_frame(host, control->area_mfn[i], host->area + i * PAGE_BYTES))
            return false;
    host->conductor = conductor_new(control, host->area, &watch);
    return host->conductor != NULL || fail(host, XEN_BROKEN, "no memory");
}

static bool meet_xen(struct xen_host *host)
{
    char sentence[sizeof host->sentence];

    if (xen_found_ask(host->conductor, &host->found, sentence, sizeof sentence))
        return true;
    return fail(host, XEN_BROKEN, "%s", sentence); /* what it died of, if it died, stays the first trouble */
}

struct xen_host *xen_host_boot(
    const struct xen_host_options *options, enum xen_trouble *trouble, char *sentence, size_t sentence_bytes)
{
    struct xen_host *host = calloc(1, sizeof *host);

    assert(options->dom0_mib <= options->dom0_max_mib && options->memory_mib > options->dom0_mib);
    if (host == NULL || (host->console = calloc(1, CONSOLE_BYTES_MAX + 1)) == NULL) {
        free(host);
        *trouble = XEN_BROKEN;
        snprintf(sentence, sentence_bytes, "no memory");
        return NULL;
    }
    host->console_pipe = host->memory_file = host->xen_file = -1;
    host->memory = MAP_FAILED;
    host->area = MAP_FAILED;
    host->limit_s = options->limit_s;
    xen_host_wait_begins(host);
    bool ready = start_qemu(host, options);
    close_files(host); /* QEMU has its own */
    ready = ready && meet_conductor(host) && meet_xen(host);
    *trouble = host->trouble;
    if (ready)
        return host;
    snprintf(sentence, sentence_bytes, "%s", host->sentence);
    xen_host_stop(host);
    return NULL;
}

void xen_host_stop(struct xen_host *host)
{
    if (host == NULL)
        return;
    if (host->qemu > 0) {
        kill(host->qemu, SIGKILL);
        waitpid(host->qemu, NULL, 0);
    }
    if (host->console_pipe >= 0)
        close(host->console_pipe);
    conductor_free(host->conductor);
    if (host->area != MAP_FAILED)
        munmap(host->area, PV_AREA_PAGES * PAGE_BYTES);
    if (host->memory != MAP_FAILED)
        munmap(host->memory, host->memory_bytes);
    close_files(host);
    free(host->console);
    free(host);
}

enum xen_trouble xen_host_trouble(const struct xen_host *host)
{
    return host->trouble;
}

void xen_host_wait_begins(struct xen_host *host)
{
    host->deadline_ns = wall_ns() + host->limit_s * 1000000000ull;
}

bool xen_host_is_well(struct xen_host *host)
{
    return look_for_trouble(host);
}

const char *xen_host_sentence(const struct xen_host *host)
{
    return host->sentence;
}

const char *xen_host_console(const struct xen_host *host)
{
    return host->console;
}

uint64_t xen_host_end_mfn(const struct xen_host *host)
{
    uint64_t low = host->memory_bytes > LOW_MEMORY_BYTES ? LOW_MEMORY_SPLIT : LOW_MEMORY_BYTES;
    uint64_t end =
        host->memory_bytes <= low ? host->memory_bytes : HIGH_MEMORY_BASE + host->memory_bytes - low;

    return end / PAGE_BYTES;
}

bool xen_host_map_frame(struct xen_host *host, uint64_t mfn, void *where)
{
    void *bytes = frame(host, mfn);

    assert(((uintptr_t)where & (PAGE_BYTES - 1)) == 0);
    if (bytes == NULL)
        return fail(host, XEN_BROKEN, "frame %llu is past the machine's memory", (unsigned long long)mfn);
    /* mremap with an old size of 0 makes a second mapping of the same shared pages. */
    if (mremap(bytes, 0, PAGE_BYTES, MREMAP_MAYMOVE | MREMAP_FIXED, where) != where)
        return fail(host, XEN_BROKEN, "can't map a frame of QEMU's memory: %s", strerror(errno));
    return true;
}

const struct xen_found *xen_host_found(const struct xen_host *host)
{
    return &host->found;
}

struct conductor *xen_host_conductor(const struct xen_host *host)
{
    return host->conductor;
}
