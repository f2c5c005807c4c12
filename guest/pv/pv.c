/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Start of day on the real Xen: makes the boot block out of start_info, as the simulator's builder would,
 * and gives the debug port through the mailbox. Everything above it is the same objects as in the simulator.
 *
 * Memory as Xen's builder leaves it (xen.h, "Start-of-day memory layout"): image, P2M, start_info, page
 * tables, boot stack, mapped one to one up to the next multiple of 4 MiB. What lies between the tables and
 * that end becomes, from the top down: the window, the thread stacks, the heap.
 */
#include "guest/abi/boot.h"
#include "guest/abi/port.h"
#include "guest/pv/mailbox.h"

#define PAGE_BYTES          4096ul
#define BOOT_MAPPING_BYTES  (4ul << 20)
#define WINDOW_PAGES        64ul
#define STACKS              16u
#define STACK_BYTES         (16 * PAGE_BYTES)
#define STACK_STRIDE_BYTES  (STACK_BYTES + PAGE_BYTES)   /* one page that is never mapped between two */
#define PTE_PRESENT_RW      0x3ul
#define PTE_ABSENT          0x0ul

extern struct guest_image guest_image;
void pv_start(start_info_t *);

static struct pv_mailbox mailbox __attribute__((section(".mailbox"), aligned(4096), used)) = {
    .magic = PV_MAILBOX_MAGIC,
};
static struct boot_block boot;
static char shared_info_page[PAGE_BYTES] __attribute__((aligned(4096)));
static char xenstore_page[PAGE_BYTES] __attribute__((aligned(4096)));

static void die(void)
{
    struct sched_shutdown { unsigned reason; } crash = { 3 /* SHUTDOWN_crash */ };

    for (;;)
        hypercall(__HYPERVISOR_sched_op, 2 /* SCHEDOP_shutdown */, (unsigned long)&crash, 0, 0);
}

static void map(const void *va, unsigned long entry)
{
    if (hypercall(__HYPERVISOR_update_va_mapping, (unsigned long)va, entry, UVMF_INVLPG, 0) != 0)
        die();
}

/* True for the calls whose second and third argument are a text that dom0 must see or fill in. */
static int text_argument(unsigned long op, const unsigned long arg[4], const char **text, unsigned long *bytes)
{
    int first = op == PORT_REPLY ? 1 : 0;

    if (op != PORT_LOG && op != PORT_PANIC && op != PORT_MISUSE && op != PORT_REPLY && op != PORT_COMMAND)
        return 0;
    *text = (const char *)arg[first];
    *bytes = arg[first + 1] < sizeof mailbox.text ? arg[first + 1] : sizeof mailbox.text;
    return 1;
}

long debug_port(unsigned long op, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4)
{
    const unsigned long arg[4] = { a1, a2, a3, a4 };
    const char *text = 0;
    unsigned long bytes = 0;

    /* A page's contents are behind a mapping of our own: no need to trouble anybody. */
    if (op == PORT_PAGE_WRITE || op == PORT_PAGE_READ) {
        volatile uint64_t *words = (volatile uint64_t *)a1;

        for (unsigned long i = 0; i < PAGE_BYTES / sizeof *words; i++) {
            if (op == PORT_PAGE_WRITE)
                words[i] = a2;
            else if (words[i] != words[0])
                return -1;
        }
        return op == PORT_PAGE_READ ? (long)words[0] : 0;
    }
    int has_text = text_argument(op, arg, &text, &bytes);
    mailbox.op = op;
    for (int i = 0; i < 4; i++)
        mailbox.arg[i] = arg[i];
    mailbox.text_bytes = bytes;
    for (unsigned long i = 0; has_text && op != PORT_COMMAND && i < bytes; i++)
        mailbox.text[i] = text[i];
    __atomic_store_n(&mailbox.asked, mailbox.asked + 1, __ATOMIC_RELEASE);
    while (__atomic_load_n(&mailbox.answered, __ATOMIC_ACQUIRE) != mailbox.asked)
        hypercall(__HYPERVISOR_sched_op, 0 /* SCHEDOP_yield */, 0, 0, 0);
    if (op == PORT_COMMAND && mailbox.result > 0)
        for (unsigned long i = 0; i < bytes && i < (unsigned long)mailbox.result; i++)
            ((char *)a1)[i] = mailbox.text[i];
    return (long)mailbox.result;
}

/* What lies between the boot page tables and the end of the boot mapping, dealt out from the top. */
static void deal_out_memory(const start_info_t *si)
{
    unsigned long used = si->pt_base + si->nr_pt_frames * PAGE_BYTES + PAGE_BYTES /* boot stack */;
    unsigned long end = (used + (512ul << 10) + BOOT_MAPPING_BYTES - 1) & ~(BOOT_MAPPING_BYTES - 1);

    boot.image_pages = end / PAGE_BYTES;
    end -= WINDOW_PAGES * PAGE_BYTES;
    boot.window = (char *)end;
    boot.window_pages = WINDOW_PAGES;
    end -= STACKS * STACK_STRIDE_BYTES;
    if (end <= used)
        die();
    boot.stacks = (char *)end;
    boot.nr_stacks = STACKS;
    boot.stack_bytes = STACK_BYTES;
    boot.stack_stride_bytes = STACK_STRIDE_BYTES;
    boot.heap = (char *)used;
    boot.heap_bytes = end - used;
}

void pv_start(start_info_t *si)
{
    deal_out_memory(si);
    for (unsigned long i = 0; i < boot.heap_bytes / sizeof(uint64_t); i++)
        ((uint64_t *)boot.heap)[i] = 0;
    for (unsigned i = 0; i < STACKS; i++)
        map(boot.stacks + i * STACK_STRIDE_BYTES + STACK_BYTES, PTE_ABSENT);
    for (unsigned long i = 0; i < WINDOW_PAGES; i++)
        map(boot.window + i * PAGE_BYTES, PTE_ABSENT);
    map(shared_info_page, si->shared_info | PTE_PRESENT_RW);
    if (si->store_mfn != 0)
        map(xenstore_page, si->store_mfn << 12 | PTE_PRESENT_RW);

    boot.magic = BOOT_BLOCK_MAGIC;
    boot.version = BOOT_BLOCK_VERSION;
    boot.start_info = si;
    boot.shared_info = (struct shared_info *)shared_info_page;
    boot.xenstore = (struct xenstore_domain_interface *)xenstore_page;
    boot.m2p = (const uint64_t *)HYPERVISOR_VIRT_START;
    boot.m2p_entries = (HYPERVISOR_VIRT_END - HYPERVISOR_VIRT_START) / sizeof(uint64_t);
    boot.p2m_entries = si->nr_p2m_frames != 0 ? si->nr_p2m_frames * 512 : si->nr_pages;
    guest_image.start(&boot);
    die();
}
