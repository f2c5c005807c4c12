/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The debug port: what a guest's runtime tells and asks beyond Xen's ABI (guest/abi/port.h). Of the machine it changes
 * only the contents of pages; everything else is recorded, or is a command for the guest and its answer.
 */
#include "sim/hypercall/debug_port.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/domain/backtrace.h"
#include "sim/domain/crash.h"
#include "sim/domain/domain.h"
#include "sim/domain/site.h"
#include "sim/evtchn.h"
#include "sim/hypercall/mmu.h"
#include "sim/machine_state.h"
#include "sim/real_xen.h"
#include "sim/record/recorder.h"
#include "sim/schedule.h"

#define LINE_BYTES_MAX 4096u
#define LINE_EXITS     16u /* a console line counts as so many vain calls, since it takes more of a recording */
#define SWITCH_ONE_IN  4u /* with a schedule_seed: how often a scheduling point switches threads */

/* A text in the guest's memory, cut to what the guest may read and to `limit`. */
static const char *text(
    const struct domain *d, unsigned long va, unsigned long bytes, size_t limit, size_t *length)
{
    size_t wanted = bytes < limit ? bytes : limit;
    *length = space_reach(&d->space, va, wanted, false);
    return *length != 0 ? space_host(&d->space, va, *length, false) : "";
}

/* guilty: an address of the guest's that is the record's place, if it lies in the driver; else whoever called now is. */
static void record_text(
    struct domain *d, enum record_type type, unsigned long va, unsigned long bytes, uint64_t guilty)
{
    size_t length;
    const char *line = text(d, va, bytes, LINE_BYTES_MAX, &length);
    if (type == REC_LOG)
        backtrace_place(d);
    else if (!domain_place_next_record(d, guilty))
        backtrace_whole(d);
    recorder_append_text(d->machine->recorder, type, d->domid, d->machine->now_ns, line, length);
}

/* Another table is its P2M from now on: a record tells who follows. */
static long publish_p2m(struct domain *d, unsigned long table, unsigned long entries)
{
    struct machine *m = d->machine;
    struct record_note note = {.note = NOTE_P2M, .a = entries, .b = space_p2m_entries(&d->space)};
    int error = space_use_p2m(&d->space, table, entries);
    if (error == ENOMEM)
        machine_lacks_memory(m);
    if (error != 0)
        return -error;
    recorder_append(m->recorder, REC_NOTE, d->domid, m->now_ns, &note, sizeof note, NULL, 0, 0);
    return 0;
}

static long publish(struct domain *d, unsigned long what, unsigned long value, unsigned long count)
{
    switch (what) {
    case PORT_COUNTERS:
        if (value % _Alignof(struct port_counters) != 0)
            return -EINVAL;
        d->counters = space_host(&d->space, value, sizeof *d->counters, true);
        return d->counters != NULL ? 0 : -EFAULT;
    case PORT_FAULT_MASK:
        if (value % _Alignof(uint64_t) != 0)
            return -EINVAL;
        d->fault_mask = space_host(&d->space, value, sizeof *d->fault_mask, true);
        if (d->fault_mask == NULL)
            return -EFAULT;
        site_tell_guest(d);
        return 0;
    case PORT_P2M:
        return publish_p2m(d, value, count);
    case PORT_AGENT_EVTCHN:
        if (count == 0 || count >= d->nr_ports || d->evtchn[count].state == EVTCHN_FREE)
            return -EINVAL;
        d->agent_port = (unsigned)count;
        if (d->command_state == COMMAND_WAITING)
            evtchn_raise(d, d->agent_port);
        return 0;
    default:
        return -EINVAL;
    }
}

/* A row of pages that just began: where its first page came from. */
static void place_row(struct domain *d)
{
    backtrace_place(d);
    recorder_place_row(d->machine->recorder, d->domid);
}

static long note(struct domain *d, const uint64_t arg[4])
{
    struct machine *m = d->machine;
    if (arg[0] == NOTE_HOST_MAPPINGS || arg[0] == NOTE_DIRECT_MAP)
        return -EINVAL; /* the machine says so itself */
    if (arg[0] == NOTE_PAGE_FREE || arg[0] == NOTE_PAGE_ALLOC) {
        if (arg[2] == 0 || arg[1] > UINT32_MAX || arg[2] > UINT32_MAX)
            return -EINVAL; /* too large for any page of a guest */
        d->vain_exits = 0;
        if (arg[0] == NOTE_PAGE_ALLOC) {
            if (recorder_page_alloc(m->recorder, d->domid, m->now_ns, PFN(arg[1]), arg[2]))
                place_row(d);
            return 0;
        }
        if (m->page_hook != NULL)
            m->page_hook(m->page_hook_context, d, PFN(arg[1]), arg[2]);
        if (recorder_page_free(m->recorder, d->domid, m->now_ns, PFN(arg[1]), arg[2]))
            place_row(d);
        return 0;
    }
    d->auditing = d->auditing || arg[0] == NOTE_AUDIT_BEGIN;
    const bool driver_sleeps = arg[0] == NOTE_SLEEP && arg[1] == 1;
    if ((arg[0] >= NOTE_PLUG_BEGIN && arg[0] <= NOTE_UNPLUG_END) || driver_sleeps)
        backtrace_place(d);
    struct record_note record = {.note = (uint32_t)arg[0], .a = arg[1], .b = arg[2], .c = arg[3]};
    recorder_append(m->recorder, REC_NOTE, d->domid, m->now_ns, &record, sizeof record, NULL, 0, 0);
    enum fault_site site;
    if (kernel_site_by_ending(d->config.kernel, arg[0], &site))
        site_returned(d, site, PFN(arg[1]), arg[2]);
    return 0;
}

static long ask_guest_fault(struct domain *d, const uint64_t arg[4])
{
    if (arg[0] >= kernel_sites_end(d->config.kernel) ||
        kernel_site(d->config.kernel, (enum fault_site)arg[0]) == NULL)
        return 0;
    struct fault_answer answer = site_ask(d, (enum fault_site)arg[0], PFN(arg[1]), arg[2]);
    if (!answer.refused)
        return 0;
    return answer.error != 0 ? answer.error : ENOMEM;
}

static long schedule(struct domain *d, enum exit_outcome *outcome)
{
    struct machine *m = d->machine;
    if (m->config.schedule_seed == 0 || schedule_random(m) % SWITCH_ONE_IN != 0)
        return 0;
    struct record_value choice = {0}; /* another thread of the same domain */
    recorder_append(m->recorder, REC_SCHEDULE, d->domid, m->now_ns, &choice, sizeof choice, NULL, 0, 0);
    if (m->runnable.count > 1)
        *outcome = EXIT_LEAVE; /* another domain may come in between */
    return 1;
}

static long give_command(struct domain *d, unsigned long va, unsigned long bytes)
{
    if (d->command_state != COMMAND_WAITING)
        return 0;
    char for_xen[COMMAND_BYTES];
    const char *command = d->command;
    size_t length = strlen(d->command);
    if (space_on_real_xen(&d->space)) {
        length = real_xen_command(d, d->command, for_xen, sizeof for_xen);
        command = for_xen;
    }
    void *to = space_host(&d->space, va, length, true);
    if (length > bytes || to == NULL)
        return -EINVAL;
    memcpy(to, command, length);
    d->command_state = COMMAND_RUNNING;
    d->vain_exits = 0;
    return (long)length;
}

static long take_reply(struct domain *d, const uint64_t arg[4])
{
    struct machine *m = d->machine;
    if (d->command_state != COMMAND_RUNNING)
        return -EINVAL;
    size_t length, command_bytes = strlen(d->command) + 1u;
    const char *output = text(d, arg[1], arg[2], OUTPUT_BYTES - 1u, &length);
    length = strnlen(output, length); /* the record has no room for what stands behind a NUL */
    if (d->answer == NULL)
        d->answer = malloc(COMMAND_BYTES + OUTPUT_BYTES);
    if (d->answer == NULL) {
        machine_lacks_memory(m);
        return -ENOMEM;
    }
    /* Command and output are stored one behind the other, as in the record. */
    memcpy(d->answer, d->command, command_bytes);
    memcpy(d->answer + command_bytes, output, length);
    d->answer[command_bytes + length] = '\0';
    if (space_on_real_xen(&d->space))
        length = real_xen_reply(d, d->answer + command_bytes, OUTPUT_BYTES);
    d->answer_status = (int)arg[0];
    d->command_state = COMMAND_ANSWERED;
    d->auditing = false;
    const struct record_command command = {
        .status = d->answer_status, .tool = COMMAND_IN_GUEST, .domid = d->domid};
    recorder_append(m->recorder, REC_COMMAND, d->domid, m->now_ns, &command, sizeof command, d->answer, 1,
        command_bytes + length + 1u);
    return 0;
}

enum exit_outcome debug_port_serve(struct domain *d, struct vcpu *vcpu)
{
    enum exit_outcome outcome = EXIT_GO_ON;
    const uint64_t *arg = vcpu->arg;
    long result = 0;
    assert(d->state == DOMAIN_ALIVE);
    d->port_calls++;
    d->machine->now_ns += d->machine->config.costs.port_ns;

    switch (vcpu->op - PORT_GATE_BASE) {
    case PORT_PAGE_WRITE:
        result = mmu_page_write(d, arg[0], arg[1]);
        break;
    case PORT_PAGES_WRITE:
        result = mmu_pages_write(d, arg[0], arg[1], arg[2]);
        break;
    case PORT_FRAMES_ZERO:
        result = mmu_frames_zero(d, arg[0], arg[1], arg[2]);
        break;
    case PORT_PAGE_READ:
        result = mmu_page_read(d, arg[0]);
        break;
    case PORT_NOTE:
        result = note(d, arg);
        break;
    case PORT_FAULT:
        result = ask_guest_fault(d, arg);
        break;
    case PORT_SCHEDULE:
        result = schedule(d, &outcome);
        break;
    case PORT_CLOCK:
        result = (long)d->machine->now_ns;
        break;
    case PORT_PUBLISH:
        result = publish(d, arg[0], arg[1], arg[2]);
        break;
    case PORT_LOG:
        d->vain_exits += LINE_EXITS;
        record_text(d, REC_LOG, arg[0], arg[1], 0);
        break;
    case PORT_MISUSE:
        record_text(d, REC_MISUSE, arg[0], arg[1], arg[2]);
        break;
    case PORT_PANIC:
        record_text(d, REC_PANIC, arg[0], arg[1], 0);
        domain_died(d);
        break;
    case PORT_ENDLESS:
        crash_endless(d, "endless loop: it ran too long without a call");
        break;
    case PORT_COMMAND:
        result = give_command(d, arg[0], arg[1]);
        break;
    case PORT_REPLY:
        result = take_reply(d, arg);
        break;
    default:
        result = -ENOSYS;
        break;
    }
    vcpu->result = result;
    return d->state == DOMAIN_ALIVE ? outcome : EXIT_LEAVE;
}
