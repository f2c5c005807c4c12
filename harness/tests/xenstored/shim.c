/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What xenstored asks of Xen's libraries, answered without a Xen: preloaded into Debian's own xenstored. Domains, their
 * ring pages and events are the parent's (pages.h). Time stands still while there is work, and jumps to the next timeout when there is
 * none. When xenstored waits for nothing but the parent, a token that the parent sent goes back to it.
 */
#include "harness/tests/xenstored/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <xenctrl.h>
#include <xenevtchn.h>
#include <xengnttab.h>

#define POLLS_MOST  256u
#define MS_PER_S    1000
#define NS_PER_MS   1000000
#define HANDLE      ((void *)(uintptr_t)1) /* of each library: there is nothing behind it */
#define SHIM_EXPORT __attribute__((visibility("default")))

static long long now_ms = MS_PER_S;

/* ---- libxenctrl: which domains there are ------------------------------------------------------- */

static const volatile unsigned char *domain_states(void)
{
    static const volatile unsigned char *states;

    if (states == NULL) {
        void *page = mmap(
            NULL, RING_PAGE_BYTES, PROT_READ, MAP_SHARED, FD_PAGES, (off_t)STATES_PAGE * RING_PAGE_BYTES);
        if (page == MAP_FAILED)
            abort();
        states = page;
    }
    return states;
}

SHIM_EXPORT xc_interface *xc_interface_open(
    xentoollog_logger *logger, xentoollog_logger *dombuild_logger, unsigned open_flags)
{
    (void)logger, (void)dombuild_logger, (void)open_flags;
    return HANDLE;
}

SHIM_EXPORT int xc_interface_close(xc_interface *xch)
{
    (void)xch;
    return 0;
}

SHIM_EXPORT int xc_domain_getinfo(
    xc_interface *xch, uint32_t first_domid, unsigned max_doms, xc_dominfo_t *info)
{
    unsigned found = 0;

    (void)xch;
    for (uint32_t domid = first_domid; domid < DOMAINS && found < max_doms; domid++) {
        if (domain_states()[domid] == DOMAIN_NONE)
            continue;
        info[found] = (xc_dominfo_t){.domid = domid,
            .dying = domain_states()[domid] == DOMAIN_DYING,
            .shutdown = domain_states()[domid] == DOMAIN_SHUT};
        found++;
    }
    if (found == 0)
        errno = ESRCH;
    return found == 0 ? -1 : (int)found;
}

/* ---- libxenevtchn: a port is a domain's number and one, and comes as four bytes ------------------ */

SHIM_EXPORT xenevtchn_handle *xenevtchn_open(struct xentoollog_logger *logger, unsigned open_flags)
{
    (void)logger, (void)open_flags;
    return HANDLE;
}

SHIM_EXPORT xenevtchn_handle *xenevtchn_fdopen(struct xentoollog_logger *logger, int fd, unsigned open_flags)
{
    (void)logger, (void)fd, (void)open_flags;
    return HANDLE;
}

SHIM_EXPORT int xenevtchn_fd(xenevtchn_handle *xce)
{
    (void)xce;
    return FD_EVENTS;
}

SHIM_EXPORT xenevtchn_port_or_error_t xenevtchn_bind_interdomain(
    xenevtchn_handle *xce, uint32_t domid, evtchn_port_t remote_port)
{
    (void)xce, (void)remote_port;
    return (xenevtchn_port_or_error_t)PORT_OF(domid);
}

SHIM_EXPORT xenevtchn_port_or_error_t xenevtchn_bind_virq(xenevtchn_handle *xce, unsigned virq)
{
    (void)xce, (void)virq;
    return PORT_VIRQ;
}

SHIM_EXPORT xenevtchn_port_or_error_t xenevtchn_pending(xenevtchn_handle *xce)
{
    uint32_t port;

    (void)xce;
    return read(FD_EVENTS, &port, sizeof port) == sizeof port ? (xenevtchn_port_or_error_t)port : -1;
}

SHIM_EXPORT int xenevtchn_notify(xenevtchn_handle *xce, evtchn_port_t port)
{
    (void)xce, (void)port;
    return 0; /* the parent looks into the rings when all is quiet */
}

SHIM_EXPORT int xenevtchn_unbind(xenevtchn_handle *xce, evtchn_port_t port)
{
    (void)xce, (void)port;
    return 0;
}

SHIM_EXPORT int xenevtchn_unmask(xenevtchn_handle *xce, evtchn_port_t port)
{
    (void)xce, (void)port;
    return 0;
}

/* ---- libxengnttab: a domain's ring --------------------------------------------------------------- */

SHIM_EXPORT xengnttab_handle *xengnttab_open(struct xentoollog_logger *logger, unsigned open_flags)
{
    (void)logger, (void)open_flags;
    return HANDLE;
}

SHIM_EXPORT int xengnttab_close(xengnttab_handle *xgt)
{
    (void)xgt;
    return 0;
}

SHIM_EXPORT int xengnttab_set_max_grants(xengnttab_handle *xgt, uint32_t nr_grants)
{
    (void)xgt, (void)nr_grants;
    return 0;
}

SHIM_EXPORT void *xengnttab_map_grant_ref(xengnttab_handle *xgt, uint32_t domid, uint32_t ref, int prot)
{
    (void)xgt, (void)ref;
    if (domid >= DOMAINS || domain_states()[domid] == DOMAIN_NONE) {
        errno = EINVAL;
        return NULL;
    }
    void *page = mmap(NULL, RING_PAGE_BYTES, prot, MAP_SHARED, FD_PAGES, (off_t)domid * RING_PAGE_BYTES);
    return page == MAP_FAILED ? NULL : page;
}

SHIM_EXPORT int xengnttab_unmap(xengnttab_handle *xgt, void *start_address, uint32_t count)
{
    (void)xgt;
    return munmap(start_address, (size_t)count * RING_PAGE_BYTES);
}

/* ---- the C library: dom0's ring, time, and waiting ------------------------------------------------ */

SHIM_EXPORT int open(const char *path, int flags, ...)
{
    mode_t mode = 0;

    if (strcmp(path, "/proc/xen/xsd_kva") == 0)
        return dup(FD_PAGES);
    if (strcmp(path, "/proc/xen/xsd_port") == 0) {
        int fd = memfd_create("port", 0);
        return fd >= 0 && write(fd, "1", 1) == 1 && lseek(fd, 0, SEEK_SET) == 0 ? fd : -1;
    }
    if (flags & O_CREAT) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    return openat(AT_FDCWD, path, flags, mode);
}

SHIM_EXPORT int clock_gettime(clockid_t which, struct timespec *ts)
{
    (void)which;
    *ts = (struct timespec){.tv_sec = now_ms / MS_PER_S, .tv_nsec = now_ms % MS_PER_S * NS_PER_MS};
    return 0;
}

static int poll_now(struct pollfd *fds, nfds_t count)
{
    return ppoll(fds, count, &(struct timespec){0}, NULL);
}

SHIM_EXPORT int poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
    struct pollfd all[POLLS_MOST];
    char token;

    for (;;) {
        const int ready = poll_now(fds, count);
        if (ready != 0 || timeout_ms == 0)
            return ready;
        if (timeout_ms > 0) {
            now_ms += timeout_ms;
            return 0;
        }
        if (count >= POLLS_MOST)
            abort();
        memcpy(all, fds, count * sizeof all[0]);
        all[count] = (struct pollfd){.fd = FD_TOKENS, .events = POLLIN};
        if (ppoll(all, count + 1, NULL, NULL) < 0)
            return -1;
        /* What came together with the token was sent before it. */
        if (all[count].revents == 0 || poll_now(fds, count) != 0)
            continue;
        if (read(FD_TOKENS, &token, 1) != 1 || write(FD_TOKENS, &token, 1) != 1)
            _exit(0); /* the parent is gone */
    }
}
