/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The recording's format: what a run leaves behind. Reports see nothing else of it, and invariants little else.
 *
 * A recording is a struct recording_head, then records, each a struct record with its payload, then a
 * REC_END record whose payload is the XXH64 of every byte before that record. Little-endian, each
 * record a multiple of 8 bytes. An event's number is the ordinal of its record, from 1.
 *
 * No address, path, host name or wall time may enter: the same scenario, seed and guest sources give
 * the same bytes under any compiler. Places in source files go to a side file (see sim/record/recorder.h).
 * Frame numbers are 32 bits wide here (hosts of up to 16 TiB).
 */
#ifndef SIM_RECORD_RECORD_H
#define SIM_RECORD_RECORD_H

#include <stdint.h>

#define RECORDING_MAGIC   "BALLREC" /* 8 bytes with its NUL */
#define RECORDING_VERSION 3u

struct recording_head {
    char magic[8];
    uint32_t version;
    uint32_t head_bytes; /* of this struct: where the records begin */
    uint64_t seed;
    char backend[8]; /* "sim" or "xen" */
    char name[96];   /* base name of the scenario file */
};

struct record {
    uint32_t bytes;   /* whole record, multiple of 8 */
    uint16_t type;    /* enum record_type */
    uint16_t domid;   /* DOMID_HOST when no domain is concerned */
    uint64_t time_ns; /* virtual */
    uint32_t line;    /* the scenario line in charge, 0 before the first */
    uint32_t count;   /* of the entries of a list at the payload's end, else 0 */
};

enum record_type {
    /* text: the whole scenario, with the files that it includes (sim/record/scenario_files.h) */
    REC_SCENARIO = 1,
    REC_DOMAIN,     /* struct record_domain, then name NUL rows NUL: a domain was built */
    REC_DOMAIN_END, /* struct record_value: it was destroyed; value = enum domain_end */
    REC_STATEMENT,  /* struct record_statement, then text: a statement begins (the line is in the head) */
    REC_HYPERCALL,  /* struct record_hypercall, then count frames (uint32_t) */
    REC_PAGE_TOUCH, /* count x struct record_touch: runs of map, write, unmap of single pages, batched */
    REC_PAGE_FREE,  /* count x struct record_run: pages handed to the guest's allocator, batched */
    REC_PAGE_ALLOC, /* count x struct record_run: pages taken from it, batched */
    REC_NOTE,       /* struct record_note: any other PORT_NOTE */
    REC_LOG,        /* text: a console line of the guest */
    REC_PANIC,      /* text */
    REC_MISUSE,     /* text */
    REC_CRASH,      /* text: how it died, in terms without addresses ("write to the M2P") */
    REC_XENSTORE,   /* struct record_xenstore, then path NUL value NUL */
    REC_EVTCHN,     /* struct record_value: an event channel port was raised */
    REC_COMMAND, /* struct record_command, then command NUL output NUL: a toolstack or guest command ended */
    REC_FAULT,   /* struct record_fault: a fault fired */
    REC_SCHEDULE, /* struct record_value: a schedule choice that was not "go on"; of the host: the seed that chooses */
    REC_REST,        /* nothing: every domain is at rest here */
    REC_NOT_AT_REST, /* text: what was still going on when a settle's bound was reached */
    REC_CHECKED, /* struct record_checked: at the end of a run, how often an invariant was asked and broken */
    REC_VIOLATION,  /* struct record_violation, then text */
    REC_EXPECT,     /* struct record_expect, then wanted NUL seen NUL */
    REC_VERDICT,    /* struct record_value: enum verdict's exit code */
    REC_DIFFERENCE, /* text: the model and the real Xen disagree about the event before it */
    REC_END,        /* struct record_value: XXH64 of all bytes before it; line 0, the last time */
    /* New types come here, behind REC_END: the numbers of those above are older versions', too. */
    REC_REMARK, /* struct record_remark, then text: what a reader of the verdict has to know, though nothing failed */
    NR_RECORD_TYPES
};

struct record_value {
    uint64_t value;
};

enum domain_end { DOMAIN_END_DESTROY = 1, DOMAIN_END_SHUTDOWN, DOMAIN_END_CRASH, DOMAIN_END_SUSPEND };

/* What a statement of a scenario does. */
enum statement_does {
    STATEMENT_DOES_UNKNOWN, /* of a recording of version 1 */
    STATEMENT_DOES_WAIT,
    STATEMENT_DOES_TOOLSTACK,
    STATEMENT_DOES_GUEST,
    STATEMENT_DOES_FAULT,
    STATEMENT_DOES_HEAL,
    STATEMENT_DOES_SETTLE,
    STATEMENT_DOES_EXPECT,
    STATEMENT_DOES_ALWAYS,
    STATEMENT_DOES_CALL,
    STATEMENT_DOES_PROBE,
    STATEMENT_DOES_BOOT_MAP,
    STATEMENT_DOES_ON,
    STATEMENT_DOES_EVERY,
    STATEMENT_DOES_DOMAIN
};

struct record_statement {
    uint32_t does; /* enum statement_does */
    uint32_t unused;
};

/* Whose command it was; and which, for those that invariants look at. DOES_WRITE is xenstore-write. */
enum command_tool { COMMAND_UNREAD, COMMAND_IN_GUEST, COMMAND_OF_XL, COMMAND_OF_XM, COMMAND_OF_XENSTORE };
enum command_does { COMMAND_DOES_OTHER, COMMAND_DOES_MEM_SET, COMMAND_DOES_MEM_MAX, COMMAND_DOES_WRITE };

struct record_command {
    int64_t status; /* exit status */
    uint32_t tool;  /* enum command_tool */
    uint32_t does;  /* enum command_does */
    uint32_t domid; /* of the domain that it names, before it ran; DOMID_HOST: it names none that there was */
    uint32_t has_size; /* 0 or 1: it names an amount of memory */
    uint64_t size_kib;
};

/*
 * The rows behind it are what the domain's kernel says of itself (guest/abi/kernel.h). They come with the first domain of
 * each kernel; with the others, and with a kernel that says nothing, they are empty.
 */
struct record_domain {
    uint64_t memory_pages, maxmem_pages, p2m_entries, image_pages, overhead_pages;
    char kernel[24];
};

struct record_hypercall {
    uint32_t op;    /* one of __HYPERVISOR_* */
    uint32_t subop; /* one of XENMEM_*, EVTCHNOP_*, as the call has them */
    int64_t ret;
    uint64_t asked; /* how much was asked for: extents, updates */
    uint64_t flags; /* memory_op: extent order, address bits << 8, other flags << 32 */
    uint64_t reservation_pages, maximum_pages, host_free_pages; /* after it */
}; /* the frames behind it: those released or given, or (mfn, pfn) pairs that were set in the M2P */

struct record_touch {
    uint32_t mfn;
    uint32_t what; /* TOUCH_* that was done to it, one bit each */
};
enum { TOUCH_MAP = 1, TOUCH_WRITE = 2, TOUCH_READ = 4, TOUCH_UNMAP = 8, TOUCH_ZERO = 16, TOUCH_STALE = 32 };
/*
 * TOUCH_STALE: an access through a mapping whose entry had changed and was not flushed. Its record has two entries: the
 * frame of the old translation, with this bit, then that of the entry, mfn 0 for none. What was done stands with the
 * frame that it was done to.
 */

struct record_run {
    uint32_t pfn;
    uint32_t pages;
}; /* [pfn, pfn + pages), taken or freed upwards or downwards */

struct record_note {
    uint32_t note;
    uint32_t unused;
    uint64_t a, b, c;
};

struct record_xenstore {
    uint32_t op;   /* one of XS_* */
    int32_t error; /* an errno, 0 for none */
    uint32_t by;   /* the domid that asked; 0: dom0 */
    uint32_t unused;
};

enum fault_when {
    FAULT_CALL,
    FAULT_PAGE,
    FAULT_EVERY,
    FAULT_CHANCE
}; /* as the scenario wrote it: call=N, page=N, every=N, chance=N% */

struct record_fault {
    uint32_t site; /* enum fault_site */
    int32_t error;
    uint64_t pfn, pages; /* of the call that was refused; 0 when it is about no pages */
    uint64_t nth;        /* the N of call=N, page=N, every=N, chance=N%; of call=N..M which call it was */
    uint64_t shortened_to;
    uint32_t when;  /* enum fault_when: which of them */
    uint32_t port;  /* the event channel whose notification it is about; 0: it is about none */
    uint64_t by_ns; /* how late what it is about comes, or comes once more; 0: at once, or never */
};

struct record_checked {
    uint32_t invariant;
    uint32_t unused;
    uint64_t asked;
    uint64_t broken;
};

struct record_violation {
    uint32_t invariant; /* enum invariant */
    uint32_t unused;
    uint64_t cause_event; /* the event that broke it, 0: this one */
    uint64_t count;       /* frames, pages or KiB concerned, as the text says */
};

/* What an expectation is about. */
enum expect_about {
    EXPECT_CONDITION = 1, /* a value of the machine, or what a command printed */
    EXPECT_ALWAYS,        /* the same, after each event */
    EXPECT_STATUS,        /* what a command or call returned */
    EXPECT_ACCEPTED,      /* that a command is done, which no expectation says and each command means */
    EXPECT_REFUSED,       /* that a command is refused */
    EXPECT_DONE,          /* that the run came to a point at all */
    EXPECT_VIOLATION, /* that an invariant is broken: if so, no violation of it fails the run, or none of the head's domain */
    EXPECT_CRASH /* that a guest dies: if so, neither its death nor the invariant does */
};

struct record_expect {
    uint32_t ok; /* 0 or 1 */
    uint32_t column;
    uint32_t length;
    uint16_t about;     /* enum expect_about */
    uint16_t invariant; /* enum invariant, that EXPECT_VIOLATION and EXPECT_CRASH waive; else 0 */
};

/* What is remarked on. */
enum remark_about {
    REMARK_CUT = 1,     /* the run ended where the user wanted it to: what would have come is not known */
    REMARK_NEVER,       /* a fault never refused anything, or a statement, or what it holds, was never done */
    REMARK_COSTLY = 4,  /* a driver does with many calls what one would do */
    REMARK_OFFLINE = 5, /* memory was added to a guest, and nobody has put it online */
    REMARK_NO_REST =
        3 /* the scenario's last statement left the machine busy, and no rest came, or a domain paused */
};

struct record_remark {
    uint32_t about;          /* enum remark_about */
    uint32_t column, length; /* of what it is about, in the line of the head; 0: of nothing there */
    uint32_t counts;         /* 1: it made the run a FAIL, because the user wanted that (--strict) */
};

static inline const void *record_payload(const struct record *r)
{
    return r + 1;
}

#endif
