/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Everything that can be wrong with a scenario: where the complaint points, and the words that must be in it.
 * complaint_test.c tests how a complaint is drawn; the exact texts are in scenarios/bad/.
 */
#include "harness/image/kernels.h"
#include "harness/language/scenario.h"
#include "harness/language/words.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct kernels kernels = {.describe = kernel_describe};

Suite *refusals_suite(void);

#define HEAD \
    "language 1\n" \
    "domain nb kernel=netbsd memory=64m maxmem=128m\n" \
    "domain p kernel=probe memory=4m\n" \
    "domain d[1..3] kernel=netbsd memory=8m\n"

static void complains(
    const char *text, size_t bytes, uint32_t line, uint32_t column, const char *const words[2])
{
    struct complaint complaint;
    char out[2000];
    struct scenario *s = scenario_parse("f.scn", text, bytes, &kernels, &complaint);

    ck_assert_msg(s == NULL, "was accepted: %s", text);
    complaint_text("f.scn", text, &complaint, out, sizeof out);
    ck_assert_msg(complaint.where.line == line && complaint.where.column == column, "wanted %u:%u, got\n%s",
        line, column, out);
    for (int i = 0; i < 2 && words[i] != NULL; i++)
        ck_assert_msg(strstr(complaint.message, words[i]) != NULL, "wanted \"%s\", got\n%s", words[i], out);
}

/* One line behind HEAD. */
static const struct {
    const char *line;
    uint32_t column;
    const char *words[2];
} lines[] = {
    /* What begins no statement. */
    {"exect nb", 1, {"`exect`", "did you mean `expect`?"}},
    {"frobnicate", 1, {"expected one of", "xenstore-..., DOM$"}},
    {"1s settle", 1, {"begins with `+1s`"}},
    {"wait 1s", 1, {"such as `+1s`, waits"}},
    {"bn$ ls", 1, {"no domain `bn`", "did you mean `nb`?"}},
    {"$ ls", 1, {"name is missing"}},
    {"nb$", 4, {"the line ends where a command"}},
    {"nb$   # nothing", 7, {"the line ends"}},
    {"nb ls -l", 4, {"inside it is written `nb$ ls"}},
    {"nb cal uvm_physseg_plug", 4, {"did you mean `call`?"}},
    {"nb", 3, {"call, hypercall, map or unmap"}},
    {"nbb call x", 1, {"did you mean `nb`?"}},
    {"d call uvm_physseg_plug pfn=1", 1, {"names many domains", "`d1`"}},
    {"fault nb uvm_physseg_plug call=3..2", 32, {"this range is empty"}},
    {"fault nb uvm_physseg_plug page=0..2", 32, {"first is number 1"}},
    {"fault nb uvm_physseg_plug call=3..", 32, {"as 3..7"}},
    {"fault nb uvm_physseg_plug every=3..4", 33, {"expected a number"}},
    {"fault nb uvm_physseg_plug call=3..4 once", 37, {"says itself which calls"}},
    {"fault nb uvm_physseg_plug chance=10", 34, {"as 10%"}},
    {"fault nb uvm_physseg_plug chance=0%", 34, {"1% to 100%"}},
    {"fault nb uvm_physseg_plug chance=101%", 34, {"1% to 100%"}},
    {"fault nb uvm_physseg_plug chanc=10%", 27, {"did you mean `chance`?"}},
    {"d[2]$ ls", 3, {"`d[*]`", "one of them `d1`"}},
    {"d[*$ ls", 3, {"`d[*]`"}},
    {"d[* $ ls", 5, {"expected `]`"}},
    {"d[*] $ ls", 6, {"`d[*]$ COMMAND`"}},
    {"d[*] map $a", 6, {"`call FUNCTION`"}},
    {"d[*]$", 6, {"a command for the guests"}},
    {"fault d mmu_update call=1", 7, {"names many domains"}},
    {"on d[*] mmu_update call=1 enter: heal nb", 4, {"names many domains"}},
    {"heal e[*]", 6, {"no domain `e`"}},
    {"expect nb calls == 3", 17, {"expected a fault site"}},
    {"expect nb calls populate == 3", 17, {"did you mean `populate_physmap`?"}},
    {"expect max(nb.reservation) == 3m", 12, {"no group of domains `nb`"}},
    {"expect max d.reservation", 8, {"there is no domain `max`"}},
    {"== 3", 1, {"expected a statement, found `==`"}},
    {"\"x\"", 1, {"expected a statement, found the text"}},
    {"; settle", 1, {"expected a statement, found `;`"}},
    {"language 1", 1, {"stands once"}},
    {"xl", 3, {"the line ends where a command"}},
    {"+1s xenstore-wirte /a 1", 5, {"did you mean `xenstore-write`?"}},
    /* Time. */
    {"+ 1s settle", 1, {"time is missing", "`+1s`"}},
    {"+5 settle", 2, {"needs a unit", "`5s`"}},
    {"+5m settle", 2, {"did you mean `5min`?"}},
    {"+5sec settle", 2, {"did you mean `5s`?"}},
    {"+soon settle", 2, {"number and a unit"}},
    {"@18446744074s settle", 2, {"virtual time does not go that far"}},
    {"+0.0000000001s settle", 2, {"finer than a nanosecond"}},
    {"settle within", 14, {"a time"}},
    {"settle within 3", 15, {"needs a unit"}},
    {"settle within 0s", 15, {"needs some time"}},
    {"settle witin 3s", 8, {"did you mean `within`?"}},
    {"settle nb", 8, {"settle takes nothing but"}},
    {"settle within 3s nb", 18, {"takes nothing but"}},
    {"settle within 3s = 4", 18, {"complete before `=`"}},
    /* The host and the domains. */
    {"host mem=1g", 1, {"before its domains"}},
    {"+0 host mem=1g", 4, {"without a time"}},
    {"domain", 7, {"the line ends where the domain's name"}},
    {"domain nb kernel=x memory=1m", 8, {"declared already, at line 2"}},
    {"domain 9x kernel=x memory=1m", 8, {"is no name"}},
    {"domain a.b kernel=x memory=1m", 8, {"is no name"}},
    {"domain host kernel=x memory=1m", 8, {"can be called `host`"}},
    {"domain settle kernel=x memory=1m", 8, {"it is a statement's word"}},
    {"domain abcdefghijklmnopqrstuvwxyzabcdef kernel=x memory=1m", 8, {"at most 31 bytes"}},
    {"domain e[1..1000000] kernel=x memory=1m", 10, {"more than 1000 domains"}},
    {"domain e[1..18446744073709551615] kernel=x memory=1m", 10, {"more than 1000 domains"}},
    {"domain e[1..18446744073709551616] kernel=x memory=1m", 10, {"a range of domains"}},
    {"domain e[1..999] kernel=x memory=1m", 8, {"more than 1000 domains"}},
    {"domain e[5..1] kernel=x memory=1m", 10, {"this range is empty"}},
    {"domain e[5] kernel=x memory=1m", 10, {"a range of domains, as 1..50"}},
    {"domain e[1..2 kernel=x", 15, {"`]`"}},
    {"domain d[2..9] kernel=x memory=1m", 8, {"declared already"}},
    {"domain abcdefghijklmnopqrstuvwxyzabcd[99..100] kernel=x memory=1m", 8, {"number included"}},
    {"domain e kernel=x", 18, {"memory=SIZE"}},
    {"domain e memory=1m", 19, {"kernel=NAME"}},
    {"domain e kernel= memory=1m", 18, {"value of `kernel=` is missing"}},
    {"domain e kernel x", 10, {"`kernel=...`"}},
    {"domain e kernel =x", 10, {"without blanks"}},
    {"domain e kernel=\"x\"", 17, {"a kernel's name"}},
    {"domain e kernel=abcdefghijklmnopqrstuvwxyz memory=1m", 17, {"26 bytes"}},
    {"domain e kernel=x memroy=1m", 19, {"no option `memroy`", "did you mean `memory`?"}},
    {"domain e kernel=netbsd colour=red", 24, {"expected one of kernel, memory, maxmem"}},
    {"domain e kernel=x colour", 19, {"`colour=...`"}},
    {"domain e kernel=x colour=\"red\"", 26, {"a word, as on or off"}},
    {"domain e colour=red colour=blue", 21, {"`colour` is said twice"}},
    {"domain e kernle=x memory=1m", 10, {"did you mean `kernel`?"}},
    {"domain e kernel=x kernel=y", 19, {"`kernel` is said twice"}},
    {"domain e kernel=x [", 19, {"an option or the end"}},
    {"domain e kernel=x memory=0m", 26, {"needs some memory"}},
    {"domain e kernel=x memory=64", 26, {"needs a unit", "`64m`"}},
    {"domain e kernel=x memory=64mb", 26, {"did you mean `64m`?"}},
    {"domain e kernel=x memory=64M", 26, {"did you mean `64m`?"}},
    {"domain e kernel=x memory=6k", 26, {"whole number of pages"}},
    {"domain e kernel=x memory=99999999999t", 26, {"too large"}},
    {"domain e kernel=x memory=99999999999999999999999m", 26, {"too large"}},
    {"domain e kernel=x memory=lots", 26, {"whole number and a unit"}},
    {"domain e kernel=x memory=64m maxmem=32m", 37, {"maxmem is smaller than memory", "64m"}},
    {"domain e kernel=x memory=64m p2m=32m", 34, {"room for memory"}},
    {"domain e kernel=x memory=64m p2m=exakt", 34, {"maxmem, exact or a size"}},
    {"domain e kernel=x memory=64m p2m=-5", 34, {"maxmem, exact or a size"}},
    {"domain e kernel=x memory=64m cmdline=quiet", 38, {"in quotes"}},
    {"domain e kernel=x memory=64m cmdline=\"quiet", 38, {"no closing \""}},
    {"domain e kernel=x memory=64m e820=all", 35, {"none, xl, host, or ranges of memory in quotes"}},
    {"domain e kernel=x memory=64m e820=\"\"", 35, {"begins with memory at 0"}},
    {"domain e kernel=x memory=64m e820=\"1m..64m\"", 35, {"begins with memory at 0"}},
    {"domain e kernel=x memory=64m e820=\"0m..1m:reserved\"", 35, {"begins with memory at 0"}},
    {"domain e kernel=x memory=64m e820=\"0m..32m 48m\"", 44, {"a range of memory is wanted"}},
    {"domain e kernel=x memory=64m e820=\"0m..32m 16m..48m\"", 44, {"in order"}},
    {"domain e kernel=x memory=64m e820=\"0m..32m 48m..48m\"", 44, {"empty"}},
    {"domain e kernel=x memory=64m e820=\"0m..32m 48m..64m:rom\"", 44, {"ram, reserved, acpi, nvs"}},
    {"domain e kernel=x memory=64m e820=\"0m..32\"", 36, {"needs a unit"}},
    {"domain e kernel=x memory=64m role=guest", 35, {"expected dom0 or bare-dom0"}},
    {"domain e kernel=x memory=64m role=dom0 e820=xl", 45, {"sees the host's own map"}},
    {"domain e kernel=x memory=64m role=dom0 type=hvm", 35, {"type=pv or type=pvh"}},
    {"domain e kernel=x memory=64m e820=host type=pvh", 35, {"the map that xl makes"}},
    {"domain e kernel=x memory=64m e820=xl type=pvh", 35, {"the map that xl makes"}},
    {"boot-map", 9, {"a domain's name"}},
    {"boot-map nb", 12, {"a range of guest memory"}},
    {"boot-map nb 32m", 13, {"a range of guest memory"}},
    {"boot-map nb 0..32m", 13, {"needs a unit"}},
    {"boot-map nb 32m..32m", 13, {"empty"}},
    {"boot-map nb 0m..32m 16m..64m", 21, {"in order"}},
    {"boot-map nb 0m..32m avail", 21, {"takes a value"}},
    {"boot-map nb 0m..32m avail=8m", 27, {"a range of guest memory"}},
    {"boot-map nb 0m..32m avail=8m..33m", 27, {"a part of the range"}},
    {"boot-map nb 0m..32m avail=8m..8m", 27, {"a part of the range"}},
    {"boot-map nb 0m..32m freelist=first", 30, {"the number of a free list"}},
    {"boot-map nb 0m..32m freelist=16", 30, {"no kernel has more than 16 free lists"}},
    {"+0 boot-map nb 0m..32m", 4, {"without a time"}},
    /* Faults. */
    {"fault", 6, {"a domain's name"}},
    {"fault xb uvm_physseg_plug page=1", 7, {"did you mean `nb`?"}},
    {"fault d uvm_physseg_plug page=1", 7, {"names many domains"}},
    {"fault nb uvm_phseg_plug page=1", 10, {"did you mean `uvm_physseg_plug`?"}},
    {"fault nb frobnicate page=1", 10, {"`ballast list faults netbsd`"}},
    {"fault nb plug page=1", 10, {"did you mean `uvm_physseg_plug`?"}},
    {"fault nb uvm_physseg_plug cal=1", 27, {"`cal` is no option of a fault", "did you mean `call`?"}},
    {"on nb uvm_physseg_plug evry=1 enter: heal nb", 24, {"did you mean `every`?"}},
    {"nb $ sysctl -n hw.physmem64", 4, {"is written `nb$ COMMAND`, without a blank before the $"}},
    {"nb$sysctl -n hw.physmem64", 1, {"a blank stands behind the $: `nb$ sysctl`"}},
    {"none$sysctl -n hw.physmem64", 1, {"begins no statement"}},
    {"expect violation nb", 20, {"an invariant's name"}},
    {"expect violation nb no-leek", 21, {"did you mean `no-leak`?"}},
    {"expect violation nc no-leak", 18, {"there is no domain `nc`", "did you mean `nb`?"}},
    {"expect violation d no-leak", 18, {"names many domains"}},
    {"expect violation nb no-leak nb", 29, {"complete before `nb`"}},
    {"expect violation no-leak floor", 26, {"complete before `floor`"}},
    {"expect violation leak", 18, {"did you mean `no-leak`?"}},
    {"expect hots free == 1m", 8, {"did you mean `host`?"}},
    {"expect smu(d.reservation) == 1m", 8, {"did you mean `sum(...)`?"}},
    {"expect mx(d.reservation) == 1m", 8, {"did you mean `max(...)`?"}},
    {"always Min(d.reservation) == 1m", 8, {"did you mean `min(...)`?"}},
    {"expect average(d.reservation) == 1m", 8, {"`average(...)`; there are sum(...), max(...) and min(...)"}},
    {"expect nb reservation <= mxa(d.reservation)", 26, {"did you mean `max(...)`?"}},
    {"expect nb (reservation) <= 1m", 11, {"what to ask of the domain"}},
    {"fault nb uvm_physseg_plug", 26, {"call=N, page=N, every=N or chance=N%"}},
    {"fault nb uvm_physseg_plug once", 27, {"call=N, page=N, every=N or chance=N%"}},
    {"fault nb uvm_physseg_plug page", 27, {"`page=...`"}},
    {"fault nb uvm_physseg_plug page=", 32, {"value of `page=` is missing"}},
    {"fault nb uvm_physseg_plug page=x", 32, {"expected a number"}},
    {"fault nb uvm_physseg_plug page=0", 32, {"first is number 1"}},
    {"fault nb uvm_physseg_plug page=99999999999999999999", 32, {"64 bits"}},
    {"fault nb uvm_physseg_plug call=1 page=3", 34, {"`call=` and `page=` exclude each other"}},
    {"fault nb uvm_physseg_plug every=2 chance=3%", 35, {"`every=` and `chance=` exclude each other"}},
    {"fault nb kmem.driver page=3", 22, {"not asked about single pages"}},
    {"fault nb increase_reservation page=3", 31, {"call= or every="}},
    {"fault nb uvm_physseg_plug page=1 short=3", 34, {"does not answer short", "false"}},
    {"fault nb uvm_physseg_plug page=1 errno=3", 34, {"no error number"}},
    {"fault nb increase_reservation call=1 errno=EINVAL", 38, {"no error number"}},
    {"fault nb mmu_update call=1 errno=EINVALID", 34, {"did you mean `EINVAL`?"}},
    {"fault nb mmu_update call=1 errno", 28, {"`errno=...`"}},
    {"fault nb mmu_update call=1 errno=\"x\"", 34, {"an error's name or number"}},
    {"fault nb mmu_update call=1 errno=0", 34, {"1 to 4095"}},
    {"fault nb mmu_update call=1 errno=4096", 34, {"1 to 4095"}},
    {"fault nb mmu_update call=1 errno=3 errno=3", 36, {"twice"}},
    {"fault nb increase_reservation call=1 short=1 short=1", 46, {"twice"}},
    {"fault nb kmem.driver call=1 once sticky", 34, {"only one of"}},
    {"fault nb kmem.driver call=1 times=0", 35, {"refuses 0 times"}},
    {"fault nb kmem.driver call=1 times", 29, {"`times=...`"}},
    {"fault nb kmem.driver call=1 stiky", 29, {"did you mean `sticky`?"}},
    {"fault nb kmem.driver call=1 ]", 29, {"complete before `]`"}},
    {"heal", 5, {"a domain's name"}},
    {"heal bn", 6, {"did you mean `nb`?"}},
    {"heal nb kmem.drivr", 9, {"did you mean `kmem.driver`?"}},
    {"heal nb kmem.driver now", 21, {"complete before `now`"}},
    /* What is asserted. */
    {"expect", 7, {"a domain's name"}},
    {"expect nb", 10, {"what to ask of the domain"}},
    {"expect nb resrevation == 3m", 11, {"did you mean `reservation`?"}},
    {"expect nb colour == 3m", 11, {"there are reservation, maximum"}},
    {"expect nb total == 3m", 11, {"a domain can't be asked for `total`"}},
    {"expect host resrevation == 3m", 13, {"a host can't be asked"}},
    {"expect host fre == 3m", 13, {"did you mean `free`?"}},
    {"expect nb reservation", 22, {"a comparison"}},
    {"expect nb reservation = 3m", 23, {"did you mean `==`?"}},
    {"expect nb reservation =< 3m", 23, {"did you mean"}},
    {"expect nb reservation 3m", 23, {"a comparison"}},
    {"expect nb reservation ==", 25, {"a size"}},
    {"expect nb log ~ regex \"a(b\"", 23, {"no regular expression"}},
    {"expect nb log ~ \"a\" times", 26, {"a number of lines"}},
    {"expect nb log !~ \"a\" times 2", 22, {"complete before `times`"}},
    {"expect nb log ~ regex", 22, {"a regular expression in quotes"}},
    {"expect nb log ~ regexp \"a\"", 17, {"a text in quotes"}},
    {"expect nb reservation == host now", 31, {"reservation is a size, and now is a time"}},
    {"expect nb segments == nb target", 26, {"segments is a plain number, and target is a size"}},
    {"expect nb reservation == nb log", 29, {"log is text"}},
    {"expect nb reservation == nb target -1m", 36, {"between blanks: `- 1m`"}},
    {"expect nb reservation +nb free == 1m", 23, {"between blanks: `+ nb`"}},
    {"expect nb reservation == nb target-1m", 29, {"between blanks: `target - 1m`"}},
    {"expect nb reservation+nb free == 1m", 11, {"between blanks: `reservation + nb`"}},
    {"expect nb reservation == nb static-max- 1m", 29, {"between blanks: `static-max - `"}},
    {"expect nb free-pages == 1m", 11, {"can't be asked for `free-pages`"}},
    {"expect 1m + nb reservation == 3m", 8, {"begins with what is asked", "not with `1m`"}},
    {"expect for 2s within 5s nb free > 1p", 15, {"one `within TIME`, and then one `for TIME`"}},
    {"expect within 5s within 5s nb free > 1p", 18, {"one `within TIME`, and then one `for TIME`"}},
    {"expect nb free > 1p for 2s", 21, {"`for TIME` stands in front of the condition"}},
    {"expect nb log ~ \"x\" within 2s", 21, {"`within TIME` stands in front of the condition"}},
    {"expect nb reservation == nb target - 1", 38, {"a size needs a unit"}},
    {"expect nb reservation == nb", 28, {"what to ask of the domain"}},
    {"expect nb reservation == 3", 26, {"a size needs a unit", "`3m`"}},
    {"expect nb reservation == 0", 26, {"a size needs a unit"}},
    {"expect nb reservation == 3m 4m", 29, {"complete before `4m`"}},
    {"expect nb reservation == \"3m\"", 26, {"expected a size"}},
    {"expect nb reservation ~ \"3m\"", 23, {"reservation is a number"}},
    {"expect nb faults.fired >= 1m", 27, {"plain numbers"}},
    {"expect nb faults.fired >= x", 27, {"expected a number"}},
    {"expect nb log == \"x\"", 15, {"~ (contains)"}},
    {"expect nb log ~ x", 17, {"a text in quotes"}},
    {"expect nb log ~ \"x", 17, {"no closing \""}},
    {"expect nb log ~ \"\"", 17, {"empty text"}},
    {"expect host now < 5", 19, {"needs a unit"}},
    {"expect host now < 5m", 19, {"did you mean `5min`?"}},
    {"expect within nb reservation == 3m", 15, {"number and a unit"}},
    {"expect within 0 nb reservation == 3m", 15, {"some time"}},
    {"expect sum d.reservation == 3m", 12, {"`(`"}},
    {"expect sum(reservation) == 3m", 12, {"a group of domains"}},
    {"expect sum(nb.reservation) == 3m", 12, {"no group of domains `nb`"}},
    {"expect sum(d.resrvation) == 3m", 14, {"did you mean `reservation`?"}},
    {"expect sum(d.log) ~ \"x\"", 14, {"is asked of one domain"}},
    {"expect sum(d.reservation == 3m", 26, {"`)`"}},
    {"expect d reservation == 3m", 8, {"names many domains"}},
    {"expect nb$ sysctl x == 3", 8, {"compared without `expect`"}},
    {"expect refused \"x\"", 1, {"right behind the command"}},
    {"expect violation", 17, {"an invariant's name"}},
    {"expect violation no-leek", 18, {"did you mean `no-leak`?"}},
    {"expect violation frobnication", 18, {"`ballast list invariants`"}},
    {"expect violation no-leak nb", 26, {"in front of the invariant: `expect violation nb no-leak`"}},
    {"expect within 3s violation no-leak", 1, {"takes no within"}},
    {"expect for nb reservation == 3m", 12, {"number and a unit"}},
    {"expect for 0 nb reservation == 3m", 12, {"some time"}},
    {"expect for 2s violation no-leak", 1, {"`expect violation` looks back: it takes no for"}},
    {"on nb kmem.driver call=1 enter: expect for 1s nb free > 1p", 33, {"looks at once"}},
    {"expect crash", 13, {"the domain that has crashed"}},
    {"expect crash xx", 14, {"no domain `xx`"}},
    {"expect crash nb \"\"", 17, {"empty text"}},
    {"expect within 3s crash nb", 1, {"takes no within"}},
    {"always", 7, {"a domain's name"}},
    {"always nb log ~ \"x\"", 11, {"with `expect`"}},
    {"always nb reservation >= 16", 26, {"needs a unit"}},
    {"expect nb target + nb segments == 3m", 23, {"target is a size, and segments is a plain number"}},
    {"expect nb segments + 1m == 3", 22, {"plain numbers, not in sizes"}},
    {"expect nb reservation - 5 == 3m", 25, {"a size needs a unit"}},
    {"expect nb log + nb log ~ \"x\"", 15, {"log is text: nothing is added"}},
    {"expect nb reservation + xb free == 3m", 25, {"there is no domain `xb`"}},
    {"expect nb reservation == xb free", 26, {"there is no domain `xb`"}},
    {"expect nb reservation + nb fre == 3m", 28, {"did you mean `free`?"}},
    {"expect nb reservation + == 3m", 25, {"a size"}},
    {"expect host now + nb free < 5s", 22, {"now is a time, and free is a size"}},
    /* Commands with something behind them. */
    {"nb$ sysctl -n x ==", 19, {"a number"}},
    {"nb$ sysctl -n x == 3m", 20, {"plain numbers"}},
    {"nb$ sysctl -n x ~ 3", 19, {"a text in quotes"}},
    {"nb$ sysctl -n x < \"a\"", 17, {"==, !=, ~ and !~"}},
    {"nb$ sysctl -n x == 3 4", 22, {"complete before `4`"}},
    {"nb$ sysctl -n x ->", 19, {"a status"}},
    {"nb$ sysctl -n x -> ok", 20, {"a status"}},
    {"nb$ sysctl -n x -> - ", 20, {"a status"}},
    {"nb$ sysctl -n x -> 18446744073709551615", 20, {"a status"}},
    {"nb$ sysclt -n x", 5, {"no command `sysclt` inside nb", "did you mean `sysctl`?"}},
    {"d[*]$ hodl 1m", 7, {"no command `hodl` inside d[*]", "did you mean `hold`?"}},
    {"xl mem-set bn 128m", 12, {"did you mean `nb`?"}},
    {"xl mem-set Domain-1 128m", 12, {"no domain `Domain-1`"}},
    {"xl mem-set d[1 7m", 12, {"no domain `d[1`"}},
    {"xl mem-set frobnicate 128m", 12, {"`expect refused` follows"}},
    {"xl mem-set e[*] 1m", 12, {"no domain `e[*]`"}},
    {"xl mem-sett nb 48m", 4, {"xl has no command `mem-sett`", "did you mean `mem-set`?"}},
    {"xl -v mem-sett nb 48m", 7, {"did you mean `mem-set`?"}},
    {"xm mem-mx nb 48m", 4, {"xm has no command `mem-mx`", "did you mean `mem-max`?"}},
    {"xl migrate nb there", 4, {"xl has no command `migrate`", "`expect refused` follows"}},
    {"xl mem-set nb 48mm", 15, {"`48mm` is no amount of memory", "`expect refused` follows"}},
    {"every 10s for 1h: xl mem-set nb 1q", 33, {"`1q` is no amount of memory"}},
    {"xl save d[*] all", 1, {"into a file of its own"}},
    {"every 10s for 1h: xl mem-set e[rand] 1m", 30, {"no domain `e[rand]`"}},
    {"nb call", 8, {"a function"}},
    {"nb call uvm_physseg_plugg pfn=1 pages=1", 9, {"did you mean `uvm_physseg_plug`?"}},
    {"nb call panic", 9, {"can't call `panic`"}},
    {"nb call uvm_physseg_plug", 25, {"pfn=NUMBER"}},
    {"nb call uvm_physseg_plug pages=1", 26, {"pfn=NUMBER"}},
    {"nb call uvm_physseg_plug pfn=1", 31, {"pages=NUMBER"}},
    {"nb call uvm_physseg_plug pfn=x pages=1", 30, {"a number"}},
    {"nb call uvm_physseg_plug pfn=1 pages=1 pages=1", 40, {"complete before `pages`"}},
    {"nb call uvm_physseg_find pfn=1 -> x", 35, {"a status"}},
    {"nb map $a", 4, {"kernel=probe", "kernel=netbsd"}},
    {"p map", 6, {"what it is about"}},
    {"p hypercall", 12, {"a hypercall"}},
    {"p hypercall x [$a", 15, {"not closed"}},
    {"p hypercall x $a]", 17, {"words in [ ]"}},
    {"p hypercall x [[", 16, {"words in [ ]"}},
    {"p hypercall x -> EINVAL", 18, {"-EINVAL"}},
    /* What holds another statement. */
    {"on nb", 6, {"a fault site"}},
    {"on nb kmem.driver call=1: heal nb", 25, {"`enter:` or `return:`"}},
    {"on nb kmem.driver call=1 enter heal nb", 32, {"`:` and a statement"}},
    {"on nb kmem.driver call=1 enter:", 32, {"a statement"}},
    {"on nb kmem.driver call=1 enter: expect within 1s nb free > 1p", 33,
        {"`on` can hold an `expect CONDITION`"}},
    {"every 1s for 2s: expect crash nb", 18, {"`every` can hold an `expect CONDITION`"}},
    {"on nb kmem.driver call=1 enter: expect violation no-leak", 33, {"and no other"}},
    {"on nb kmem.driver call=1 enter: settle", 33, {"`on` can hold", "not `settle`"}},
    {"on nb kmem.driver call=1 enter: on nb kmem.driver call=1 enter: heal nb", 33, {"not `on`"}},
    {"every", 6, {"a time"}},
    {"every 10 for 1h: heal nb", 7, {"needs a unit"}},
    {"every 0s for 1h: heal nb", 7, {"never end"}},
    {"every 10s: heal nb", 10, {"`for TIME:`"}},
    {"every 10s for 1s: heal nb", 15, {"before it happens once"}},
    {"every 1ms for 1h: heal nb", 15, {"3600000 times", "at most 2000000 in all: write `every 1.8ms`"}},
    {"every 1ns for 9223372036s: heal nb", 15, {"at most 2000000"}},
    {"every 1s for 18446744073s: heal nb", 14, {"virtual time does not go that far"}},
    {"+18446744073s settle", 2, {"virtual time does not go that far"}},
    {"@9999999999999999999999s settle", 2, {"virtual time does not go that far"}},
    {"settle within 9223372037s", 15, {"virtual time does not go that far"}},
    {"every 10s for 1h heal nb", 18, {"`:`"}},
    {"every 10s for 1h: every 1s for 2s: heal nb", 19, {"not `every`"}},
    {"every 10s for 1h: heal bn", 24, {"did you mean `nb`?"}},
};

START_TEST(complains_about_a_line)
{
    char text[1000];

    snprintf(text, sizeof text, HEAD "%s", lines[_i].line);
    complains(text, strlen(text), 5, lines[_i].column, lines[_i].words);
    /* The same with its newline, and with more behind it. */
    snprintf(text, sizeof text, HEAD "%s\nsettle\n", lines[_i].line);
    complains(text, strlen(text), 5, lines[_i].column, lines[_i].words);
}
END_TEST

#define TEXT(t) t, sizeof t - 1
static const struct {
    const char *text;
    size_t bytes;
    uint32_t line, column;
    const char *words[2];
} texts[] = {
    {TEXT(""), 1, 1, {"the file is empty", "`language 1`"}},
    {TEXT("\n\n"), 1, 1, {"nothing but comments"}},
    {TEXT("# nothing\n"), 1, 1, {"nothing but comments"}},
    {TEXT("language 1\n"), 1, 1, {"declares no domain"}},
    {TEXT("language 1"), 1, 1, {"declares no domain"}},
    {TEXT("langauge 1\n"), 1, 1, {"begins with the line `language 1`"}},
    {TEXT("host mem=1g\n"), 1, 1, {"begins with the line `language 1`"}},
    {TEXT("# x\n\n  settle"), 3, 3, {"begins with the line"}},
    {TEXT("language\n"), 1, 9, {"version"}},
    {TEXT("language 2\n"), 1, 10, {"reads language 1, not 2"}},
    {TEXT("language one\n"), 1, 10, {"version"}},
    {TEXT("language 1.0\n"), 1, 10, {"version"}},
    {TEXT("language 99999999999999999999\n"), 1, 10, {"64 bits"}},
    {TEXT("language 1 2\n"), 1, 12, {"complete before `2`"}},
    {TEXT("\xef\xbb\xbflanguage 1\n"), 1, 1, {"byte order mark"}},
    {TEXT("language 1\r\nsettle\r\n"), 1, 11, {"carriage return"}},
    {TEXT("language 1\nset\0tle\n"), 2, 4, {"NUL"}},
    {TEXT("language 1\n# \x1b\n"), 2, 3, {"0x1b"}},
    {TEXT("language 1\nsettle \xff\n"), 2, 8, {"0xff", "UTF-8"}},
    {TEXT("language 1\nsettle \xc3\xa4\n"), 2, 8, {"complete before `\xc3\xa4`"}},
    {TEXT("language 1\nhost mem=0m\n"), 2, 10, {"runs nothing"}},
    {TEXT("language 1\nhost mem=512\n"), 2, 10, {"needs a unit"}},
    {TEXT("language 1\nhost memory=1g\n"), 2, 6, {"no option `memory`"}},
    {TEXT("language 1\nhost mem=1g mem=1g\n"), 2, 13, {"twice"}},
    {TEXT("language 1\nhost mem\n"), 2, 6, {"`mem=...`"}},
    {TEXT("language 1\nhost toolstack=xl\n"), 2, 16, {"no toolstack `xl`", "xl-4.17, xl-4.16 and xm"}},
    {TEXT("language 1\nhost toolstack=xl-4.71\n"), 2, 16, {"did you mean `xl-4.17`?"}},
    {TEXT("language 1\nhost xen=latest\n"), 2, 10, {"a version of Xen"}},
    {TEXT("language 1\nhost xen=4.17.1.2\n"), 2, 10, {"no Xen `4.17.1.2`", "4.17 and 4.20"}},
    {TEXT("language 1\nhost xen=4.2\n"), 2, 10, {"no Xen `4.2`"}},
    {TEXT("language 1\nhost\nhost\n"), 3, 1, {"declared already, at line 2"}},
    {TEXT("language 1\n+0 settle\nhost mem=1g\n"), 3, 1, {"before the first statement"}},
    {TEXT("language 1\nfault nb kmem.driver call=1\n"), 2, 7, {"no domain `nb`", "none is declared"}},
    {TEXT("language 1\ndomain nb kernel=k memory=1m\n+0 settle\nboot-map nb 0m..1m\n"), 4, 1,
        {"before the first statement"}},
    {TEXT("language 1\ndomain d[1..1000] kernel=k memory=1m\ndomain e kernel=k memory=1m\n"), 3, 8,
        {"more than 1000 domains"}},
    {TEXT("language 1\ndomain nb kernel=k memory=1m\nsettle\nexpect refused \"x\"\n"), 4, 1,
        {"right behind the command"}},
    {TEXT("language 1\ndomain nb kernel=k memory=1m\nxl mem-set nb 1t\nexpect refused\n"), 4, 15,
        {"in quotes"}},
    {TEXT("language 1\ndomain nb kernel=k memory=1m\nxl mem-set nb 1t\nexpect refused no\n"), 4, 16,
        {"found `no`"}},
    {TEXT("language 1\ndomain nb kernel=k memory=1m\nxl mem-set nb 1t\nexpect within 3s refused \"x\"\n"), 4,
        1, {"takes no within"}},
};

START_TEST(complains_about_a_text)
{
    complains(texts[_i].text, texts[_i].bytes, texts[_i].line, texts[_i].column, texts[_i].words);
}
END_TEST

/* What stands in the file is shown, but never more of it than fits into a line: %s is a word of 60 bytes. */
static const char *const long_words[] = {
    HEAD "%s",
    HEAD "nb %s",
    HEAD "nb call %s pfn=1",
    HEAD "call nb %s",
    HEAD "xl mem-set %s 64m",
    HEAD "domain q kernel=probe memory=1m %s=1",
    HEAD "domain q kernel=probe memory=%s",
    HEAD "domain 9%s kernel=probe memory=1m",
    HEAD "domain q %s = 1",
    HEAD "expect nb %s == 1",
    HEAD "expect host %s == 1",
    HEAD "expect sum(%s.reservation) == 1m",
    HEAD "expect nb faults.fired == %s",
    HEAD "expect %s",
    HEAD "expect violation %s",
    HEAD "fault nb %s call=1",
    HEAD "fault nb uvm_physseg_plug %s=1",
    HEAD "fault nb uvm_physseg_plug call=1 errno=%s",
    HEAD "settle %s",
    HEAD "settle within %s",
    HEAD "+%s settle",
    HEAD "heal nb %s",
    HEAD "expect %s$ x == 3",
    HEAD "expect nb faults.fired == %sm",
    HEAD "fault nb uvm_physseg_plug call=1 %s",
    HEAD "fault %s uvm_physseg_plug call=1",
    "language 1\nhost toolstack=%s\n",
    "language 1\nhost %s=1\n",
    "language %s\n",
};

START_TEST(a_long_word_is_cut)
{
    static const char *const words[] = {"wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww",
        "000000000000000000000000000000000000000000000000000000000005",
        "999999999999999999999999999999999999999999999999999999999999",
        "00000000000000000000000000000000000000000000000000000000001k",
        "0000000000000000000000000000000000000000000000000000000005mb",
        "0000000000000000000000000000000000000000000000000000000005sec",
        "99999999999999999999999999999999999999999999999999999999999m",
        "0000000000000000000000000000000000000000000000000000000001.5p",
        "0.0000000000000000000000000000000000000000000000000000000001s",
        "000000000000000000000000000000000000000000000000000000000.5m"};
    struct complaint complaint;
    char text[1000];

    for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
        snprintf(text, sizeof text, long_words[_i], words[w]);
        struct scenario *s = scenario_parse("f.scn", text, strlen(text), &kernels, &complaint);
        if (s != NULL) { /* a number like any other, to some */
            ck_assert_uint_gt(w, 0);
            scenario_free(s);
            continue;
        }
        ck_assert_msg(strstr(complaint.message, words[w]) == NULL, "not cut: %s", complaint.message);
        ck_assert_msg(strlen(complaint.message) < sizeof complaint.message - 1, "cut in the end: %s",
            complaint.message);
    }
}
END_TEST

/* Values that an option does not take, and the word that its complaint must have. */
static const struct {
    const char *line, *word;
} values[] = {
    {"host toolstack=\n", "toolstack"},
    {"host toolstack=\"xl\"\n", "a toolstack"},
    {"host \"mem\"=1g\n", "an option"},
    {"host xen=four\n", "a version of Xen"},
    {"host xen=\"4.17\"\n", "a version of Xen"},
    {"host xen=4.17.4.17.4.17.4.17.4.17.4.17\n", "no Xen `4.17.4"},
    {"host e820=xl\n", "ranges of memory in quotes"},
    {"host e820=\"1m..2m\"\n", "begins with memory at 0"},
    {"host dom0=x\n", "dom0's memory"},
    {"host dom0=0m\n", "dom0 needs some memory"},
    {"host mem=0m\n", "without memory"},
    {"domain q kernel=probe memory=0m\n", "needs some memory"},
    {"domain q kernel=probe memory=1m type=xen\n", "pv, pvh or hvm"},
    {"domain q kernel=probe memory=1m start=maybe\n", "yes"},
    {"domain q kernel=probe memory=1m p2m=all\n", "maxmem"},
    {"domain q kernel=probe memory=1m p2m=\"1m\"\n", "maxmem"},
    {"domain q kernel=probe memory=1m videoram=x\n", "videoram"},
    {"domain q kernel=probe memory=1m memory=2m\n", "said twice"},
    {"domain q kernel=probe memory=1m\nneeds hotplug too\n", "complete before `too`"},
    {"domain q[1..9999999999] kernel=probe memory=1m\n", "more than 1000 domains"},
    {"domain q[4294967296..4294967297] kernel=probe memory=1m\n", "more than 1000 domains"},
    {"domain q[1..5 kernel=probe memory=1m\n", "`]`"},
    {"domain q[1.5] kernel=probe memory=1m\n", "a range of domains"},
    {"domain q[2..1] kernel=probe memory=1m\n", "this range is empty"},
    {"domain Q.{ kernel=probe memory=1m\n", "is no name"},
    {"domain [1..2] kernel=probe memory=1m\n", "name"},
    {"domain q[1..2] kernel=probe memory=1m\ndomain q[3..4] kernel=probe memory=1m\n", "declared already"},
    {"domain q kernel=probe memory=1m\nboot-map q 0m..x\n", "the range's end"},
    {"domain q kernel=probe memory=1m\nboot-map q 0m.1m\n", "range"},
    {"domain q kernel=probe memory=1m\nboot-map nobody 0m..1m\n", "nobody"},
    {"domain q kernel=probe memory=40m\nboot-map q 0m..1m 2m..3m 4m..5m 6m..7m 8m..9m 10m..11m 12m..13m "
     "14m..15m 16m..17m "
     "18m..19m 20m..21m 22m..23m 24m..25m 26m..27m 28m..29m 30m..31m 32m..33m 34m..35m\n",
        "ranges"},
    {"domain q kernel=probe memory=1m\nq call x\n", "kernel=probe has no function that a scenario can call"},
    {"domain q kernel=netbsd memory=9m\nq call uvm_physseg_plug pfn\n", "pfn"},
    {"domain q kernel=netbsd memory=9m\nfault q uvm_physseg_plug call\n", "call"},
    {"domain q kernel=netbsd memory=9m\nexpect q \"x\" == 1\n", "what to ask of the domain"},
    {"domain q kernel=netbsd memory=9m\nexpect host \"x\" == 1\n", "what to ask of the host"},
    {"domain q kernel=netbsd memory=9m\nexpect sum(\"q\") == 1\n", "sum"},
    {"domain q kernel=netbsd memory=9m\nexpect q reservation == \"1m\"\n", "text"},
    {"domain q kernel=netbsd memory=9m\nexpect \"qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq\xc3\xa4qqq\"\n",
        "found the text"},
};

START_TEST(complains_about_a_value)
{
    struct complaint complaint;
    char text[1000];

    snprintf(text, sizeof text, "language 1\n%s", values[_i].line);
    struct scenario *s = scenario_parse("f.scn", text, strlen(text), &kernels, &complaint);
    ck_assert_msg(s == NULL, "was accepted: %s", text);
    ck_assert_msg(strstr(complaint.message, values[_i].word) != NULL, "no \"%s\" in: %s", values[_i].word,
        complaint.message);
    ck_assert_uint_ge(complaint.where.line, 2);
}
END_TEST

static const char *const statement_words[] = {
#define X(id, use, word, form, meaning) STATEMENT_##use == STATEMENT_SHAPES ? "$" : word,
    STATEMENT_WORDS(X)
#undef X
};

START_TEST(no_domain_is_called_as_a_statement_begins)
{
    struct complaint complaint;
    char text[200];

    if (strpbrk(statement_words[_i], "$ ") != NULL)
        return; /* no name at all */
    snprintf(text, sizeof text, "language 1\ndomain %s kernel=probe memory=4m\n", statement_words[_i]);
    ck_assert_ptr_null(scenario_parse("f.scn", text, strlen(text), &kernels, &complaint));
    ck_assert_uint_eq(complaint.where.line, 2);
    ck_assert_uint_eq(complaint.where.column, 8);
    ck_assert_msg(strstr(complaint.message, "no domain can be called `") != NULL, "%s", complaint.message);
}
END_TEST

START_TEST(too_many_bytes)
{
    size_t bytes = SCENARIO_BYTES_MAX + 1;
    char *text = malloc(bytes);
    struct complaint complaint;

    memset(text, '\n', bytes);
    ck_assert_ptr_null(scenario_parse("f", text, bytes, &kernels, &complaint));
    ck_assert_uint_eq(complaint.where.line, 0);
    ck_assert_ptr_nonnull(strstr(complaint.message, "1048576 bytes"));
    ck_assert_ptr_null(scenario_parse("f", text, bytes - 1, &kernels, &complaint));
    ck_assert_ptr_nonnull(strstr(complaint.message, "nothing but comments"));
    free(text);
}
END_TEST

START_TEST(too_many_groups)
{
    char text[8000] = "language 1\n";
    struct complaint complaint;

    for (int i = 0; i < 65; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "domain %c%c[1..2] kernel=k memory=1m\n",
            'a' + i / 26, 'a' + i % 26);
    ck_assert_ptr_null(scenario_parse("f", text, strlen(text), &kernels, &complaint));
    ck_assert_uint_eq(complaint.where.line, 66);
    ck_assert_ptr_nonnull(strstr(complaint.message, "more than 64 groups"));
}
END_TEST

/* Every beginning of a scenario, and every scenario with a byte changed, is read or complained about. */
START_TEST(any_bytes)
{
    static const char whole[] =
        HEAD "fault nb increase_reservation call=3 times=2 short=1\n"
             "+0 xl mem-set nb 128m -> 0\nexpect within 3s nb log !~ \"a\\\"b\"\n"
             "on nb uvm_physseg_plug page=3 return: nb$ hold 80% == \"x\"\n"
             "every 10s for 1h: p hypercall x [$a] -> -EINVAL\nexpect sum(d.reservation) >= 3p\n";
    static const char bytes[] = "\0\n\r\t \"$[]()=~!<>-+@#.:0\xc3\xff";
    struct complaint complaint;
    char text[sizeof whole], out[400];

    for (size_t cut = 0; cut < sizeof whole; cut++) {
        scenario_free(scenario_parse("f", whole, cut, &kernels, &complaint));
        for (size_t i = 0; i < sizeof bytes - 1 && cut < sizeof whole - 1; i++) {
            memcpy(text, whole, sizeof whole);
            text[cut] = bytes[i];
            struct scenario *s = scenario_parse("f", text, sizeof whole - 1, &kernels, &complaint);
            if (s == NULL)
                complaint_text("f", text, &complaint, out, sizeof out);
            scenario_free(s);
        }
    }
}
END_TEST

/* The parser takes any words for a function of a kernel that it can't look up, but not none. */
START_TEST(a_call_of_nothing_in_a_kernel_that_is_not_known)
{
    static const char *const endings[] = {"", "   # nothing", " -> false"};

    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        struct complaint complaint;
        char text[200];
        snprintf(text, sizeof text, HEAD "nb call%s\n", endings[i]);
        ck_assert_ptr_null(scenario_parse("f.scn", text, strlen(text), NULL, &complaint));
        ck_assert_uint_eq(complaint.where.line, 5);
        ck_assert_ptr_nonnull(strstr(complaint.message, "a function of the guest's kernel"));
    }
}
END_TEST

Suite *refusals_suite(void)
{
    Suite *suite = suite_create("complaints");
    TCase *tc = tcase_create("what is wrong");

    tcase_add_loop_test(tc, complains_about_a_line, 0, sizeof lines / sizeof lines[0]);
    tcase_add_loop_test(tc, complains_about_a_text, 0, sizeof texts / sizeof texts[0]);
    tcase_add_loop_test(tc, complains_about_a_value, 0, (int)(sizeof values / sizeof values[0]));
    tcase_add_loop_test(tc, a_long_word_is_cut, 0, (int)(sizeof long_words / sizeof long_words[0]));
    tcase_add_loop_test(tc, no_domain_is_called_as_a_statement_begins, 0,
        (int)(sizeof statement_words / sizeof statement_words[0]));
    tcase_add_test(tc, too_many_bytes);
    tcase_add_test(tc, too_many_groups);
    tcase_add_test(tc, a_call_of_nothing_in_a_kernel_that_is_not_known);
    tcase_add_test(tc, any_bytes);
    suite_add_tcase(suite, tc);
    return suite;
}
