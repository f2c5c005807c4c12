/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `make bench`: how fast Ballast is: replays per second, and ns and instructions for each page that is moved, compared
 * with the cost of the memory accesses alone that moving a page needs (docs/performance.md has the numbers). CPU time is
 * measured, not wall time, so that the ratio is meaningful on a busy machine, too.
 */
#include <assert.h>
#include <inttypes.h>
#include <linux/perf_event.h>
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "harness/bench/bench_count.h"
#include "harness/bench/bench_find.h"
#include "harness/bench/bench_floor.h"
#include "harness/image/kernels.h"
#include "harness/run/runner.h"
#include "harness/ballast/confinement.h"
#include "harness/ballast/worker.h"
#include "harness/image/image_cache.h"
#include "sim/inspect.h"
#include "sim/machine.h"
#include "sim/record/recorder.h"

struct bench {
    uint64_t gib_max;    /* largest guest */
    double seconds;      /* of each measurement */
    int instructions_fd; /* -1: not permitted */
    struct runner *runner;
    bool failed;
};

/* ---- clocks and counters ------------------------------------------------------------------------ */

static double timeval_s(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

/* CPU time of this process and of its children that have ended. */
static double cpu_s(void)
{
    struct rusage children;
    struct timespec own;

    getrusage(RUSAGE_CHILDREN, &children);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own);
    return (double)own.tv_sec + (double)own.tv_nsec * 1e-9 + timeval_s(children.ru_utime) +
           timeval_s(children.ru_stime);
}

static int open_instructions(void)
{
    struct perf_event_attr attributes = {
        .type = PERF_TYPE_HARDWARE,
        .size = sizeof attributes,
        .config = PERF_COUNT_HW_INSTRUCTIONS,
        .exclude_kernel = 1,
        .exclude_hv = 1,
    };

    return (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0);
}

static uint64_t instructions(const struct bench *bench)
{
    uint64_t count = 0;

    if (bench->instructions_fd >= 0 && read(bench->instructions_fd, &count, sizeof count) != sizeof count)
        count = 0;
    return count;
}

/* ---- scenarios ---------------------------------------------------------------------------------- */

/* A guest that doubles its memory and shrinks back, or (moves false) only boots and is audited. Sizes in MiB. */
static struct scenario *make_scenario(const char *kernel, uint64_t guest_mib, uint64_t host_mib, bool moves)
{
    static const char there_and_back[] =
        "+0 xl mem-set g %" PRIu64 "m\n+0 settle\nexpect g reservation == %" PRIu64 "m\n"
        "+0 xl mem-set g %" PRIu64 "m\n+0 settle\nexpect g reservation == %" PRIu64 "m\n";
    const struct kernels kernels = {.describe = kernel_describe};
    char text[1024];
    struct complaint complaint;
    int used = snprintf(text, sizeof text,
        "language 1\nhost mem=%" PRIu64 "m\ndomain g kernel=%s memory=%" PRIu64 "m maxmem=%" PRIu64
        "m\n+0 settle\n",
        host_mib, kernel, guest_mib, 2 * guest_mib);

    assert(used > 0 && (size_t)used < sizeof text / 2);
    if (moves)
        used += snprintf(text + used, sizeof text - (size_t)used, there_and_back, 2 * guest_mib,
            2 * guest_mib, guest_mib, guest_mib);
    struct scenario *scenario = scenario_parse("bench", text, (size_t)used, &kernels, &complaint);
    if (scenario == NULL) {
        complaint_text("bench", text, &complaint, text, sizeof text);
        fprintf(stderr, "bench: %s\n", text);
        exit(VERDICT_ERROR);
    }
    return scenario;
}

static void run_once(struct bench *bench, const struct scenario *scenario)
{
    const struct run_options options = {.seed = 1};
    enum verdict verdict = runner_run(bench->runner, scenario, &options);

    if (verdict != VERDICT_PASS && !bench->failed) {
        fprintf(stderr, "bench: a scenario ends with %s: the numbers mean nothing\n%s", verdict_name(verdict),
            runner_sentence(bench->runner));
        bench->failed = true;
    }
}

struct measured {
    double cpu_s, instructions; /* of one run */
};

static struct measured measure(struct bench *bench, const struct scenario *scenario)
{
    uint64_t runs = 0;

    run_once(bench, scenario); /* not measured: it gets the memory that is kept from run to run */
    const double start_s = cpu_s();
    const uint64_t start_instructions = instructions(bench);
    double spent_s;
    do {
        run_once(bench, scenario);
        runs++;
        spent_s = cpu_s() - start_s;
    } while (spent_s < bench->seconds && !bench->failed);
    return (struct measured){
        spent_s / (double)runs, (double)(instructions(bench) - start_instructions) / (double)runs};
}

/* ---- the table ---------------------------------------------------------------------------------- */

static void row(const char *what, double got, const char *unit, double wanted, bool at_least)
{
    const bool held = at_least ? got >= wanted : got <= wanted;

    printf("%-52s %10.*f %-13s %s %-8g %s\n", what, got < 100 ? 1 : 0, got, unit,
        at_least ? "at least" : "at most ", wanted, held ? "held" : "NOT HELD");
}

static void in_process(struct bench *bench, uint64_t guest_mib, double wanted)
{
    struct scenario *scenario = make_scenario("netbsd", guest_mib, 8 * guest_mib + 64, true);
    char what[80];

    snprintf(what, sizeof what, "%" PRIu64 " MiB to %" PRIu64 " MiB and back, in process", guest_mib,
        2 * guest_mib);
    row(what, 1 / measure(bench, scenario).cpu_s, "replays/s", wanted, true);
    scenario_free(scenario);
}

struct processes {
    const struct scenario *scenario;
    bool failed;
};

static void work(void *context, size_t job, struct outcome *outcome)
{
    const struct run_options options = {.seed = 1};
    const struct processes *processes = context;

    (void)job;
    image_cache_prepare(kernel_info(processes->scenario->domains[0].kernel));
    struct runner *runner = confinement_enter(CONFINE_ALTOGETHER) ? runner_new() : NULL;
    outcome->verdict = runner == NULL ? VERDICT_ERROR : runner_run(runner, processes->scenario, &options);
    outcome->recording = runner == NULL ? NULL : runner_recording(runner, &outcome->recording_bytes);
}

static void deliver(void *context, size_t job, const struct outcome *outcome)
{
    struct processes *processes = context;

    (void)job;
    if (outcome->verdict != VERDICT_PASS)
        processes->failed = true;
}

/* Runs in processes of their own, forked and confined as `ballast replay` does it: from one without a machine, and with a loaded image. */
static void run_processes(struct bench *bench, const struct scenario *scenario, size_t runs)
{
    struct processes processes = {.scenario = scenario};
    const struct workers workers = {
        .nr_jobs = runs,
        .at_a_time = 1,
        .timeout_ms = 60000,
        .context = &processes,
        .work = work,
        .deliver = deliver,
    };
    (void)confinement_prepare();
    if (!workers_run(&workers) || processes.failed)
        bench->failed = true;
}

static void a_process_each(struct bench *bench, uint64_t guest_mib, double wanted)
{
    struct scenario *scenario = make_scenario("netbsd", guest_mib, 8 * guest_mib + 64, true);
    const size_t runs = guest_mib < 16 ? 500 : 150;
    char what[80];
    const double start_s = cpu_s();

    run_processes(bench, scenario, runs);
    snprintf(what, sizeof what, "%" PRIu64 " MiB to %" PRIu64 " MiB and back, a process each", guest_mib,
        2 * guest_mib);
    row(what, (double)runs / (cpu_s() - start_s), "replays/s", wanted, true);
    scenario_free(scenario);
}

/* The cost of moving a page: the difference between a guest that moves and one that only boots, divided by the pages. */
static struct measured a_page(struct bench *bench, const char *kernel, uint64_t guest_mib, uint64_t host_mib)
{
    struct scenario *moves = make_scenario(kernel, guest_mib, host_mib, true),
                    *boots = make_scenario(kernel, guest_mib, host_mib, false);
    const double pages = 2.0 * (double)(guest_mib * PAGES_PER_MIB);
    const struct measured with = measure(bench, moves), without = measure(bench, boots);

    scenario_free(moves);
    scenario_free(boots);
    return (struct measured){
        (with.cpu_s - without.cpu_s) / pages, (with.instructions - without.instructions) / pages};
}

/* Prints the instructions for moving a page, as valgrind counts them. */
static void count_instructions(void)
{
    const uint64_t mib = 64;
    const double moves = bench_count_instructions("moves", mib),
                 boots = bench_count_instructions("boots", mib);

    if (moves > boots && boots > 0)
        row("    instructions, counted by valgrind", (moves - boots) / (double)(2 * mib * PAGES_PER_MIB), "",
            300, false);
    else
        printf("    instructions: neither perf_event_open nor valgrind counts them here\n");
}

/* Sizes of guests: 4 and 64 MiB, 1 GiB, and four times as much each, up to the largest asked for. */
static uint64_t next_mib(uint64_t mib)
{
    return mib == 4 ? 64 : mib == 64 ? 1024 : mib * 4;
}

static void page_row(struct bench *bench, uint64_t mib, double page_s)
{
    char what[80];

    snprintf(what, sizeof what, "a page in or out, guest of %" PRIu64 " %s", mib < 1024 ? mib : mib / 1024,
        mib < 1024 ? "MiB" : "GiB");
    if (mib == 64 || mib >= 4096)
        row(what, page_s * 1e9, "ns", mib < 4096 ? 30 : 60, false);
    else
        printf("%-52s %10.1f ns\n", what, page_s * 1e9);
    printf(
        "%-52s %10.1f ns\n", "    the memory accesses of it alone", bench_floor_ns(2 * mib * PAGES_PER_MIB));
    assert(bench->gib_max > 0);
}

static void pages(struct bench *bench)
{
    double at_4_gib_s = 0;

    for (uint64_t mib = 4; mib <= bench->gib_max * 1024; mib = next_mib(mib)) {
        const struct measured page = a_page(bench, "netbsd", mib, 2 * mib + 512);
        char what[80];

        page_row(bench, mib, page.cpu_s);
        if (mib == 64 && bench->instructions_fd >= 0)
            row("    instructions", page.instructions, "", 300, false);
        else if (mib == 64)
            count_instructions();
        if (mib == 4096)
            at_4_gib_s = page.cpu_s;
        if (mib < 65536)
            continue;
        snprintf(what, sizeof what, "%" PRIu64 " GiB guest against 4 GiB guest, a page", mib / 1024);
        row(what, page.cpu_s / at_4_gib_s, "times", 1.3, false);
    }
}

static uint64_t memory_bytes(uint64_t host_gib)
{
    const struct machine_config config = {.seed = 1, .host_pages = host_gib * 1024 * PAGES_PER_MIB};
    struct recorder *recorder = recorder_new();
    struct machine *machine = recorder == NULL ? NULL : machine_new(&config, recorder);
    const uint64_t bytes = machine == NULL ? 0 : host_memory_bytes(machine);

    if (machine != NULL)
        machine_free(machine);
    recorder_free(recorder);
    return bytes;
}

/* Prints how much memory stands for a frame: its entry, its M2P entry, its part of a window's entry. */
static void memory(struct bench *bench)
{
    const uint64_t small = memory_bytes(1), large = memory_bytes(1024);

    if (small == 0 || large <= small)
        bench->failed = true;
    row("the simulator's memory, a frame", (double)(large - small) / (1023.0 * 1024 * (double)PAGES_PER_MIB),
        "bytes", 32.01, false);
}

/*
 * For a tool that counts instructions: one measured run of a guest that moves, or only boots. The difference
 * of the two counts by the pages that move is the cost of a page.
 */
static void once(struct bench *bench, const char *what, uint64_t guest_mib, int runs, bool each)
{
    struct scenario *scenario =
        make_scenario("netbsd", guest_mib, 2 * guest_mib + 512, strcmp(what, "moves") == 0);

    if (each)
        run_processes(bench, scenario, (size_t)runs);
    for (int i = 0; i < runs && !each; i++)
        run_once(bench, scenario);
    scenario_free(scenario);
}

static void flatness(struct bench *bench)
{
    const struct measured small = a_page(bench, "netbsd", 64, 1024),
                          large = a_page(bench, "netbsd", 64, 1024ull * 1024);

    row("64 MiB guest: 1 TiB host against 1 GiB host", large.cpu_s / small.cpu_s, "times", 1.3, false);
}

/* The design of 2017, which plugs a page at a time, beside ours. */
static void page_by_page(struct bench *bench)
{
    for (uint64_t mib = 64; mib <= 256; mib *= 4) {
        const struct measured runs = a_page(bench, "netbsd", mib, 4 * mib),
                              pages = a_page(bench, "netbsd-2017-page", mib, 4 * mib);

        printf("%-36s %4" PRIu64 " MiB, a page %10.1f times\n", "plugs of a page beside plugs in runs,", mib,
            pages.cpu_s / runs.cpu_s);
    }
}

int main(int count, const char **arguments)
{
    int gib = 4, mib = 64, runs = 1, each = 0;
    char *one = NULL, *finders = NULL;
    struct bench bench = {.seconds = 1};
    const struct poptOption table[] = {
        {"each", 0, POPT_ARG_NONE, &each, 0, "--once in processes of their own", NULL},
        {"finders", 0, POPT_ARG_STRING, &finders, 0, "where the segment files alone are", "FOLDER"},
        {"gib", 0, POPT_ARG_INT, &gib, 0,
            "largest guest to measure, in GiB (4; 64 wants 6 GB of memory, 256 21 GB)", "N"},
        {"mib", 0, POPT_ARG_INT, &mib, 0, "the guest of --once, in MiB (64)", "N"},
        {"once", 0, POPT_ARG_STRING, &one, 0, "only runs of a guest that moves or boots, and no table",
            "moves|boots"},
        {"runs", 0, POPT_ARG_INT, &runs, 0,
            "how often --once runs it: a second run has its memory already (1)", "N"},
        {"seconds", 0, POPT_ARG_DOUBLE, &bench.seconds, 0, "CPU time for each measurement (1)", "S"},
        POPT_AUTOHELP POPT_TABLEEND};
    poptContext context = poptGetContext("bench", count, arguments, table, 0);

    if (poptGetNextOpt(context) != -1 || gib < 1 || gib > 256 || mib < 4 || mib > 131072) {
        fprintf(stderr, "bench: --gib from 1 to 256, --seconds; see --help\n");
        return VERDICT_ERROR;
    }
    poptFreeContext(context);
    bench.gib_max = (uint64_t)gib;
    bench.instructions_fd = open_instructions();
    if (one != NULL) {
        bench.runner = runner_new();
        assert(bench.runner != NULL);
        once(&bench, one, (uint64_t)mib, runs, each != 0);
        runner_free(bench.runner);
        free(one);
        return bench.failed ? VERDICT_ERROR : VERDICT_PASS;
    }
    a_process_each(&bench, 4, 1500);
    a_process_each(&bench, 64, 300);
    bench.runner = runner_new();
    assert(bench.runner != NULL);
    in_process(&bench, 4, 15000);
    in_process(&bench, 64, 800);
    pages(&bench);
    memory(&bench);
    flatness(&bench);
    page_by_page(&bench);
    runner_free(bench.runner);
    if (finders != NULL && !bench_find(finders, bench.seconds))
        bench.failed = true;
    free(finders);
    return bench.failed ? VERDICT_ERROR : VERDICT_PASS;
}
