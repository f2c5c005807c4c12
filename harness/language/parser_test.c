/* SPDX-License-Identifier: BSD-2-Clause */
/* Every kind of statement, read into what scenario.h says it becomes. */
#include "harness/image/kernels.h"
#include "harness/language/scenario.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static const struct kernels kernels = {.describe = kernel_describe};

Suite *parser_suite(void);

#define HEAD \
    "language 1\n" \
    "domain nb kernel=netbsd memory=64m maxmem=128m\n" \
    "domain p kernel=probe memory=4m\n" \
    "domain d[1..3] kernel=netbsd memory=8m\n"
#define HEAD_LINES 4u

static struct scenario *parsed(const char *text)
{
    struct complaint complaint;
    char out[1000];
    struct scenario *s = scenario_parse("dir/f.scn", text, strlen(text), &kernels, &complaint);

    if (s == NULL) {
        complaint_text("f.scn", text, &complaint, out, sizeof out);
        ck_abort_msg("%s", out);
    }
    return s;
}

static const struct fault_site_info *site_of(const struct statement *st)
{
    return kernel_site(kernel_describe("netbsd"), st->fault.site);
}

/* The scenario of HEAD and one line, and that line's statement. */
static struct scenario *one;
static const struct statement *only(const char *line)
{
    char text[1000];

    snprintf(text, sizeof text, HEAD "%s", line);
    one = parsed(text);
    ck_assert_uint_eq(one->nr_statements, 1);
    ck_assert_uint_eq(one->statements[0].where.line, HEAD_LINES + 1);
    return &one->statements[0];
}

static void done(void)
{
    scenario_free(one);
    one = NULL;
}

START_TEST(keeps_text_and_name)
{
    struct scenario *s = parsed(HEAD "settle");

    ck_assert_str_eq(s->path, "dir/f.scn");
    ck_assert_str_eq(s->name, "f.scn");
    ck_assert_str_eq(s->text, HEAD "settle");
    ck_assert_uint_eq(s->text_bytes, strlen(HEAD "settle"));
    scenario_free(s);
}
END_TEST

START_TEST(host)
{
    struct scenario *s = parsed(HEAD);

    ck_assert_uint_eq(s->host.memory_pages, 512 * PAGES_PER_MIB);
    ck_assert_int_eq(s->host.toolstack, TOOLSTACK_XL_4_17);
    ck_assert(!s->host.scrub_domheap && s->host.xen == NULL);
    scenario_free(s);
    s = parsed("language 1\nhost mem=1g toolstack=xm xen=4.20 scrub-domheap\ndomain nb kernel=k memory=1m\n");
    ck_assert_uint_eq(s->host.memory_pages, 1024 * PAGES_PER_MIB);
    ck_assert_int_eq(s->host.toolstack, TOOLSTACK_XM);
    ck_assert(s->host.scrub_domheap && s->host.xen != NULL);
    ck_assert_str_eq(s->host.xen->name, "4.20");
    ck_assert_uint_eq(s->host.where.line, 2);
    scenario_free(s);
    s = parsed("# comment\n\nlanguage 1 # so\nhost toolstack=xl-4.16\n+0 settle\n");
    ck_assert_int_eq(s->host.toolstack, TOOLSTACK_XL_4_16);
    scenario_free(s);
}
END_TEST

START_TEST(domains)
{
    struct scenario *s = parsed(HEAD);

    ck_assert_uint_eq(s->nr_domains, 5);
    ck_assert_str_eq(s->domains[0].name, "nb");
    ck_assert_str_eq(s->domains[0].kernel, "netbsd");
    ck_assert_uint_eq(s->domains[0].memory_pages, 16384);
    ck_assert_uint_eq(s->domains[0].maxmem_pages, 32768);
    ck_assert_int_eq(s->domains[0].p2m, P2M_MAXMEM);
    ck_assert_uint_eq(s->domains[1].maxmem_pages, 1024);
    ck_assert_str_eq(s->domains[2].name, "d1");
    ck_assert_str_eq(s->domains[4].name, "d3");
    ck_assert_uint_eq(s->domains[4].where.line, 4);
    scenario_free(s);
    s = parsed("language 1\ndomain a kernel=k memory=4m p2m=exact videoram=8m cmdline=\"a b\"\n"
               "domain b-2_x kernel=k memory=4m p2m=16m\n");
    ck_assert_int_eq(s->domains[0].p2m, P2M_EXACT);
    ck_assert_uint_eq(s->domains[0].videoram_kib, 8192);
    ck_assert_str_eq(s->domains[0].command_line, "a b");
    ck_assert_int_eq(s->domains[1].p2m, P2M_PAGES);
    ck_assert_uint_eq(s->domains[1].p2m_pages, 4096);
    ck_assert_ptr_null(s->domains[1].command_line);
    scenario_free(s);
    s = parsed(
        "language 1\ndomain a kernel=k e820=xl memory=4m maxmem=8m\ndomain b kernel=k memory=4m e820=none\n"
        "domain c kernel=k memory=4m e820=\"0m..1m  2m..3m:nvs 3m..4m:ram\"\n");
    ck_assert_uint_eq(s->domains[0].nr_memory_ranges, 1);
    ck_assert_uint_eq(s->domains[0].memory_map[0].end_pfn, 2048);
    ck_assert_uint_eq(s->domains[1].nr_memory_ranges, 0);
    ck_assert_uint_eq(s->domains[2].nr_memory_ranges, 3);
    ck_assert_uint_eq(s->domains[2].memory_map[1].first_pfn, 512);
    ck_assert_int_eq(s->domains[2].memory_map[1].type, MEMORY_NVS);
    ck_assert_int_eq(s->domains[2].memory_map[2].type, MEMORY_RAM);
    scenario_free(s);
}
END_TEST

/* The first one alone, on a host that has all that it may grow to. */
START_TEST(its_first_domain_is_kept)
{
    struct scenario *s = parsed(HEAD "+0 xl mem-set nb 128m\n");

    ck_assert(scenario_keep_first(s, 6));
    ck_assert_uint_eq(s->nr_domains, 1);
    ck_assert_uint_eq(s->domains[0].memory_pages, 16384);
    ck_assert_uint_eq(s->domains[0].maxmem_pages, 6 * 16384);
    ck_assert_uint_eq(s->domains[0].memory_map[0].end_pfn, 6 * 16384);
    ck_assert_uint_eq(s->host.memory_pages, 6 * 16384);
    ck_assert_uint_eq(s->nr_statements, 1);
    ck_assert_int_eq(s->statements[0].kind, ST_SETTLE);
    ck_assert(!scenario_keep_first(s, KEEP_FIRST_PAGES_MAX / 16384 + 1));
    ck_assert_uint_eq(s->domains[0].maxmem_pages, 6 * 16384);
    scenario_free(s);
    s = parsed("language 1\ndomain a kernel=k memory=4m type=pvh start=no cmdline=\"x\"\n+0 xl create a\n");
    ck_assert(scenario_keep_first(s, 2));
    ck_assert_uint_eq(s->domains[0].nr_memory_ranges, 0);
    ck_assert(!s->domains[0].waits);
    scenario_free(s);
    s = parsed("language 1\n+0 settle\n");
    ck_assert(!scenario_keep_first(s, 2));
    scenario_free(s);
}
END_TEST

START_TEST(a_thousand_domains)
{
    struct scenario *s =
        parsed("language 1\ndomain d[1..1000] kernel=k memory=4k cmdline=\"x\"\nxl mem-set d1000 1m\n");

    ck_assert_uint_eq(s->nr_domains, DOMAINS_MAX);
    ck_assert_str_eq(s->domains[999].name, "d1000");
    ck_assert_str_eq(s->domains[999].command_line, "x");
    scenario_free(s);
}
END_TEST

START_TEST(later_domains)
{
    struct scenario *s =
        parsed(HEAD "+0 settle\n@10s domain e[7..8] kernel=k memory=1m\ndomain f kernel=k memory=1m\n");

    ck_assert_uint_eq(s->nr_domains, 5);
    ck_assert_uint_eq(s->nr_statements, 4);
    ck_assert_int_eq(s->statements[1].kind, ST_DOMAIN);
    ck_assert_int_eq(s->statements[1].time_kind, TIME_AT);
    ck_assert_uint_eq(s->statements[1].time_ns, 10 * NS_PER_S);
    ck_assert_str_eq(s->statements[1].domain_decl->name, "e7");
    ck_assert_int_eq(s->statements[2].time_kind, TIME_AFTER);
    ck_assert_uint_eq(s->statements[2].time_ns, 0);
    ck_assert_str_eq(s->statements[2].domain_decl->name, "e8");
    ck_assert_str_eq(s->statements[3].domain_decl->name, "f");
    ck_assert_uint_eq(s->statements[3].domain_decl->memory_pages, 256);
    scenario_free(s);
}
END_TEST

START_TEST(time_column)
{
    struct scenario *s = parsed(HEAD "settle\n\tsettle\n+0 settle\n+1.5s\n@1h settle\n  +20ms settle # x");
    const struct statement *st = s->statements;

    ck_assert_uint_eq(s->nr_statements, 6);
    for (int i = 0; i < 3; i++)
        ck_assert(st[i].kind == ST_SETTLE && st[i].time_kind == TIME_AFTER && st[i].time_ns == 0);
    ck_assert_uint_eq(st[1].where.column, 2);
    ck_assert_uint_eq(st[2].where.column, 4);
    ck_assert_uint_eq(st[2].where.length, 6);
    ck_assert_int_eq(st[3].kind, ST_WAIT);
    ck_assert_uint_eq(st[3].time_ns, 1500000000);
    ck_assert_uint_eq(st[3].where.column, 1);
    ck_assert_int_eq(st[4].time_kind, TIME_AT);
    ck_assert_uint_eq(st[4].time_ns, 3600 * NS_PER_S);
    ck_assert_uint_eq(st[5].time_ns, 20 * NS_PER_MS);
    scenario_free(s);
}
END_TEST

START_TEST(toolstack_commands)
{
    static const char *const lines[] = {"xl mem-set nb 128m", "xl mem-set d[rand] 128m", "xm mem-set nb 128",
        "xenstore-write /local/domain/1/memory/target 65536", "xenstore-ls /local",
        "xenstore-rm /local/domain/1/memory", "xl mem-set 7 1m", "xl list", "xl mem-set Domain-0 512m",
        "xm list"};

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const struct statement *st = only(lines[i]);
        ck_assert_int_eq(st->kind, ST_TOOLSTACK);
        ck_assert_str_eq(st->text, lines[i]);
        ck_assert(!st->has_condition && !st->has_status);
        done();
    }
    const struct statement *st = only("+1s xenstore-read /local/domain/1/memory/target == 65536  # KiB");
    ck_assert_str_eq(st->text, "xenstore-read /local/domain/1/memory/target");
    ck_assert_uint_eq(st->text_span.column, 5);
    ck_assert(st->has_condition);
    ck_assert_int_eq(st->condition.comparison, CMP_EQ);
    ck_assert_int_eq(st->condition.value.unit, UNIT_NONE);
    ck_assert_uint_eq(st->condition.value.number, 65536);
    done();
    st = only("xl mem-set nosuch 1m -> 1");
    ck_assert(st->has_status && st->status == 1);
    done();
}
END_TEST

START_TEST(guest_commands)
{
    const struct statement *st = only("nb$ sysctl -n machdep.xen.balloon.target == 524288 -> 0");

    ck_assert_int_eq(st->kind, ST_GUEST);
    ck_assert_str_eq(st->domain, "nb");
    ck_assert_str_eq(st->text, "sysctl -n machdep.xen.balloon.target");
    ck_assert(st->has_condition && st->condition.value.number == 524288);
    ck_assert(st->has_status && st->status == 0);
    done();
    st = only("nb$ hold 80%");
    ck_assert_str_eq(st->text, "hold 80%");
    done();
    st = only("nb$ sysctl x !~ \"a \\\"b\\\" \\\\c\"");
    ck_assert_int_eq(st->condition.comparison, CMP_NO_MATCH);
    ck_assert_int_eq(st->condition.value.unit, UNIT_TEXT);
    ck_assert_str_eq(st->condition.value.text, "a \"b\" \\c");
    done();
    st = only("d2$ sysctl kern.ostype == \"NetBSD\"");
    ck_assert_str_eq(st->domain, "d2");
    ck_assert_int_eq(st->condition.comparison, CMP_EQ);
    ck_assert_str_eq(st->condition.value.text, "NetBSD");
    done();
    st = only("nb$ false -> 1");
    ck_assert(st->has_status && st->status == 1 && !st->has_condition);
    done();
}
END_TEST

START_TEST(faults)
{
    const struct statement *st = only("fault nb uvm_physseg_plug page=100 sticky");

    ck_assert_int_eq(st->kind, ST_FAULT);
    ck_assert_str_eq(st->domain, "nb");
    ck_assert_str_eq(site_of(st)->name, "uvm_physseg_plug");
    ck_assert_int_eq(st->fault.when, FAULT_PAGE);
    ck_assert_uint_eq(st->fault.n, 100);
    ck_assert_int_eq(st->fault.keep, FAULT_STICKY);
    ck_assert(!st->fault.has_short && st->fault.error == 0);
    done();
    st = only("fault nb increase_reservation call=3 times=2 short=0x10");
    ck_assert(st->fault.when == FAULT_CALL && st->fault.keep == FAULT_TIMES && st->fault.times == 2);
    ck_assert(st->fault.has_short && st->fault.shortened_to == 16);
    done();
    st = only("fault nb xenstore.write every=2 errno=EAGAIN once");
    ck_assert(st->fault.when == FAULT_EVERY && st->fault.keep == FAULT_ONCE && st->fault.error == 11);
    done();
    st = only("fault nb increase_reservation.errno call=1 errno=12");
    ck_assert(site_of(st)->hostile && st->fault.error == 12);
    ck_assert_int_eq(st->fault.keep, FAULT_DEFAULT);
    done();
    st = only("fault nb evtchn.late call=2..4 by=1.5s");
    ck_assert(site_of(st)->is_told && st->fault.last == 4 && st->fault.by_ns == 1500 * NS_PER_MS);
    done();
    st = only("fault nb xenstore.event.lost chance=10%");
    ck_assert(site_of(st)->is_told && !site_of(st)->takes_by && st->fault.by_ns == 0);
    done();
}
END_TEST

START_TEST(heals)
{
    const struct statement *st = only("heal nb");

    ck_assert(st->kind == ST_HEAL && st->all_sites);
    done();
    st = only("heal nb kmem.uvm_physseg");
    ck_assert(!st->all_sites);
    ck_assert_str_eq(site_of(st)->name, "kmem.uvm_physseg");
    done();
}
END_TEST

START_TEST(settles)
{
    const struct statement *st = only("settle");

    ck_assert(st->kind == ST_SETTLE && !st->has_within);
    done();
    st = only("settle within 2h");
    ck_assert(st->has_within && st->within_ns == 7200 * NS_PER_S);
    done();
}
END_TEST

START_TEST(expects)
{
    const struct statement *st = only("expect nb reservation  == 16483p");

    ck_assert(st->kind == ST_EXPECT && !st->has_within);
    ck_assert_str_eq(st->condition.query.domain, "nb");
    ck_assert_str_eq(st->condition.query.name, "reservation");
    ck_assert_int_eq(st->condition.comparison, CMP_EQ);
    ck_assert_int_eq(st->condition.value.unit, UNIT_PAGES);
    ck_assert_uint_eq(st->condition.value.number, 16483);
    ck_assert_int_eq(st->condition.value.suffix, 'p');
    ck_assert_uint_eq(st->condition.query.where.column, 11);
    ck_assert_uint_eq(st->condition.query.where.length, 11);
    ck_assert_uint_eq(st->condition.operator_span.column, 24);
    ck_assert_uint_eq(st->condition.value_span.column, 27);
    ck_assert_uint_eq(st->condition.value_span.length, 6);
    done();
    st = only("expect within 30s nb target <= 128m");
    ck_assert(st->has_within && st->within_ns == 30 * NS_PER_S);
    ck_assert_int_eq(st->condition.comparison, CMP_LE);
    ck_assert_int_eq(st->condition.value.unit, UNIT_KIB);
    ck_assert_uint_eq(st->condition.value.number, 131072);
    done();
    st = only("expect nb faults.fired != 3");
    ck_assert(st->condition.value.unit == UNIT_NONE && st->condition.value.number == 3);
    done();
    st = only("expect host free > 1g");
    ck_assert_str_eq(st->condition.query.domain, "");
    ck_assert_str_eq(st->condition.query.name, "free");
    done();
    st = only("expect host now < 1.5s");
    ck_assert(st->condition.value.unit == UNIT_NS && st->condition.value.number == 1500000000);
    done();
    st = only("expect sum(d.reservation) >= 24m");
    ck_assert_int_eq(st->condition.query.over, OVER_SUM);
    ck_assert_str_eq(st->condition.query.domain, "d[*]");
    ck_assert_str_eq(st->condition.query.name, "reservation");
    ck_assert_uint_eq(st->condition.query.where.length, 18);
    done();
    st = only("expect max(d.calls mmu_update) == 3");
    ck_assert_int_eq(st->condition.query.over, OVER_MAX);
    ck_assert_int_eq(st->condition.query.site, FAULT_SITE_MMU_UPDATE);
    ck_assert_str_eq(st->condition.query.site_name, "mmu_update");
    done();
    st = only("expect d2 reservation <= min(d.reservation) + 1m");
    ck_assert_int_eq(st->condition.query.over, OVER_ONE);
    ck_assert_uint_eq(st->condition.value.sum.count, 2);
    ck_assert_int_eq(st->condition.value.sum.terms[0].query.over, OVER_MIN);
    ck_assert(!st->condition.value.sum.terms[1].asked && !st->condition.value.sum.terms[1].less);
    ck_assert_uint_eq(st->condition.value.sum.terms[1].number, 256);
    done();
    st = only("expect nb reservation + d2 reservation - 1m <= host total - host overhead");
    ck_assert_uint_eq(st->condition.query.where.length, 36);
    ck_assert_uint_eq(st->condition.more.count, 2);
    ck_assert_str_eq(st->condition.more.terms[0].query.domain, "d2");
    ck_assert(st->condition.more.terms[0].asked && st->condition.more.terms[1].less);
    ck_assert(st->condition.value.sum.terms[1].asked && st->condition.value.sum.terms[1].less);
    done();
    st = only("expect nb reservation == 96m - 1m"); /* both are written */
    ck_assert_uint_eq(st->condition.value.sum.count, 2);
    done();
    st = only("heal d[*]");
    ck_assert_str_eq(st->domain, "d[*]");
    ck_assert(st->all_sites);
    done();
    st = only("d[*]$ hold 1m");
    ck_assert_int_eq(st->kind, ST_GUEST);
    ck_assert_str_eq(st->text, "hold 1m");
    done();
    st = only("expect nb log ~ \"could not\"");
    ck_assert(st->condition.comparison == CMP_MATCH && st->condition.value.unit == UNIT_TEXT);
    ck_assert_str_eq(st->condition.value.text, "could not");
    done();
}
END_TEST

START_TEST(other_expects)
{
    struct scenario *s =
        parsed(HEAD "xl mem-set nb 1t\nexpect refused \"static_max\"\nexpect refused \"invalid\"\n"
                    "expect violation no-leak\nexpect crash p\nexpect crash nb \"panic: x\"\n");
    const struct statement *st = s->statements;

    ck_assert(st[1].kind == ST_EXPECT_REFUSED && strcmp(st[1].text, "static_max") == 0);
    ck_assert(st[2].kind == ST_EXPECT_REFUSED);
    ck_assert(st[3].kind == ST_EXPECT_VIOLATION && st[3].invariant == INVARIANT_NO_LEAK);
    ck_assert(st[4].kind == ST_EXPECT_CRASH && st[4].text == NULL && strcmp(st[4].domain, "p") == 0);
    ck_assert(st[5].kind == ST_EXPECT_CRASH && strcmp(st[5].text, "panic: x") == 0);
    ck_assert_str_eq(st[3].domain, "");
    scenario_free(s);
    s = parsed("language 1\ndomain floor kernel=k memory=1m\ndomain b kernel=k memory=1m\n"
               "expect violation floor\nexpect violation floor no-leak\nexpect violation b floor\n");
    st = s->statements;
    ck_assert(st[0].invariant == INVARIANT_FLOOR && st[0].domain[0] == '\0');
    ck_assert(st[1].invariant == INVARIANT_NO_LEAK && strcmp(st[1].domain, "floor") == 0);
    ck_assert(st[2].invariant == INVARIANT_FLOOR && strcmp(st[2].domain, "b") == 0);
    scenario_free(s);
    s = parsed("language 1\ndomain nb kernel=k memory=1m\nexpect crash\n");
    ck_assert_str_eq(s->statements[0].domain, "nb");
    scenario_free(s);
}
END_TEST

START_TEST(expects_that_last)
{
    const struct statement *st = only("expect within 5s for 2s nb reservation == 96m");
    struct scenario *s;

    ck_assert(st->has_within && st->within_ns == 5 * NS_PER_S && st->for_ns == 2 * NS_PER_S);
    done();
    st = only("expect for 2ms nb reservation == 96m");
    ck_assert(!st->has_within && st->for_ns == 2000000);
    done();
    s = parsed("language 1\ndomain for kernel=k memory=1m\nexpect for reservation == 1m\nexpect for 1s for "
               "free > 1p\n");
    ck_assert_str_eq(s->statements[0].condition.query.domain, "for");
    ck_assert_uint_eq(s->statements[0].for_ns, 0);
    ck_assert_str_eq(s->statements[1].condition.query.domain, "for");
    ck_assert_uint_eq(s->statements[1].for_ns, NS_PER_S);
    scenario_free(s);
}
END_TEST

START_TEST(always_holds)
{
    const struct statement *st = only("always nb reservation >= 16m");

    ck_assert(st->kind == ST_ALWAYS && st->condition.comparison == CMP_GE);
    ck_assert_uint_eq(st->condition.value.number, 4096);
    done();
}
END_TEST

START_TEST(calls)
{
    const struct statement *st = only("nb call uvm_physseg_plug pfn=0x4000 pages=16 -> true");

    ck_assert(st->kind == ST_CALL && st->has_status && st->status == 1);
    ck_assert_str_eq(st->domain, "nb");
    ck_assert_str_eq(st->text, "uvm_physseg_plug pfn=0x4000 pages=16");
    done();
    st = only("nb call uvm_physseg_unplug pfn=1 pages=2 -> false");
    ck_assert(st->has_status && st->status == 0);
    done();
    st = only("nb call uvm_physseg_get_highest_frame -> 0x3fff");
    ck_assert(st->has_status && st->status == 16383);
    done();
    st = only("nb call uvm_physseg_plug pfn=1 pages=2 -> refused");
    ck_assert(st->has_status && st->refusal_expected && st->status == 0);
    done();
}
END_TEST

START_TEST(probes)
{
    const struct statement *st = only("p hypercall decrease_reservation [$a] -> 1");

    ck_assert(st->kind == ST_PROBE && st->has_status && st->status == 1);
    ck_assert_str_eq(st->text, "hypercall decrease_reservation [$a]");
    done();
    st = only("p hypercall increase_reservation nr=4 order=9 -> -ENOMEM");
    ck_assert_int_eq(st->status, -12);
    done();
    st = only("p map $a");
    ck_assert(!st->has_status && strcmp(st->text, "map $a") == 0);
    done();
    st = only("p unmap $a -> -22");
    ck_assert_int_eq(st->status, -22);
    done();
    st = only("p hypercall exchange pfn=0x400 [$f[0..511] ~0] out [$c] list=edge:3 -> 0");
    ck_assert_str_eq(st->text, "hypercall exchange pfn=0x400 [$f[0..511] ~0] out [$c] list=edge:3");
    done();
    st = only("dom0 map p.$a domid=p");
    ck_assert(st->kind == ST_PROBE && strcmp(st->domain, "dom0") == 0);
    done();
}
END_TEST

START_TEST(boot_maps)
{
    const struct statement *st = only("boot-map nb 0m..32m 48m..80m");

    ck_assert(st->kind == ST_BOOT_MAP && strcmp(st->domain, "nb") == 0);
    ck_assert_str_eq(st->text, "0m..32m 48m..80m");
    done();
    st = only("boot-map nb 0m..32m avail=8m..31m freelist=2 48m..80m freelist=1");
    ck_assert_str_eq(st->text, "0m..32m avail=8m..31m freelist=2 48m..80m freelist=1");
    done();
}
END_TEST

START_TEST(in_the_middle)
{
    const struct statement *st = only("on nb increase_reservation call=3 return: xl mem-set nb 64m");

    ck_assert(st->kind == ST_ON && st->fault.site == FAULT_SITE_INCREASE_RESERVATION && st->fault.n == 3);
    ck_assert_str_eq(st->domain, "nb");
    ck_assert(st->at_return);
    ck_assert_int_eq(st->body->kind, ST_TOOLSTACK);
    ck_assert_str_eq(st->body->text, "xl mem-set nb 64m");
    ck_assert_uint_eq(st->body->where.column, 43);
    done();
    st = only("on nb uvm_physseg_plug page=7 enter: heal nb");
    ck_assert(!st->at_return && st->fault.when == FAULT_PAGE && st->body->kind == ST_HEAL);
    done();
}
END_TEST

START_TEST(again_and_again)
{
    const struct statement *st = only("every 10s for 1h: nb$ churn 20m");

    ck_assert(st->kind == ST_EVERY && st->every_ns == 10 * NS_PER_S && st->for_ns == 3600 * NS_PER_S);
    ck_assert(st->body->kind == ST_GUEST && strcmp(st->body->text, "churn 20m") == 0);
    done();
}
END_TEST

START_TEST(expected_refusals)
{
    one = parsed(HEAD "+0 xl mem-set nosuch 1m\nexpect refused \"a\"\nexpect refused \"b\"\n"
                      "+0 xl mem-set nb 8m\n+0 nb$ verify\nexpect refused \"c\"\n");
    ck_assert(one->statements[0].refusal_expected && !one->statements[3].refusal_expected);
    ck_assert(one->statements[4].refusal_expected);
    for (size_t s = 0; s < one->nr_statements; s++)
        ck_assert(one->statements[s].kind != ST_EXPECT_REFUSED || !one->statements[s].refusal_expected);
    done();
}
END_TEST

START_TEST(facts_of_probes)
{
    one = parsed(HEAD "+0 dom0 hypercall createdomain domid=50 pvh\n+0 dom0 hypercall exchange [$a] [$b]\n"
                      "+0 dom0 hypercall decrease [$pvh]\n");
    ck_assert(one->statements[0].makes_pvh && !one->statements[0].exchanges);
    ck_assert(!one->statements[1].makes_pvh && one->statements[1].exchanges);
    ck_assert(!one->statements[2].makes_pvh && !one->statements[2].exchanges);
    done();
}
END_TEST

START_TEST(frees_null)
{
    scenario_free(NULL);
}
END_TEST

Suite *parser_suite(void)
{
    Suite *suite = suite_create("parser");
    TCase *tc = tcase_create("statements");

    tcase_add_test(tc, keeps_text_and_name);
    tcase_add_test(tc, host);
    tcase_add_test(tc, domains);
    tcase_add_test(tc, its_first_domain_is_kept);
    tcase_add_test(tc, a_thousand_domains);
    tcase_add_test(tc, later_domains);
    tcase_add_test(tc, time_column);
    tcase_add_test(tc, toolstack_commands);
    tcase_add_test(tc, guest_commands);
    tcase_add_test(tc, faults);
    tcase_add_test(tc, heals);
    tcase_add_test(tc, settles);
    tcase_add_test(tc, expects);
    tcase_add_test(tc, other_expects);
    tcase_add_test(tc, expects_that_last);
    tcase_add_test(tc, always_holds);
    tcase_add_test(tc, calls);
    tcase_add_test(tc, probes);
    tcase_add_test(tc, boot_maps);
    tcase_add_test(tc, in_the_middle);
    tcase_add_test(tc, again_and_again);
    tcase_add_test(tc, expected_refusals);
    tcase_add_test(tc, facts_of_probes);
    tcase_add_test(tc, frees_null);
    suite_add_tcase(suite, tc);
    return suite;
}
