/* SPDX-License-Identifier: BSD-2-Clause */
/* Starts xenstored and speaks to it; nothing here knows what is asked. */
#include "harness/tests/xenstored/real.h"
#include "harness/tests/xenstored/pages.h"

#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <xen/io/xs_wire.h>

#define EXIT_INTERNAL 9
#define ANSWER_MS     20000 /* far more than any answer takes */

static void pair(int ends[2], int type)
{
    if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) != 0)
        err(EXIT_INTERNAL, "a pair of sockets");
}

/* The child: three inherited files at their places, and xenstored in place of this program. */
static void run(
    const char *xenstored, const char *shim, const char *folder, int pages, int events, int tokens)
{
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || null < 0 || dup2(null, STDIN_FILENO) < 0 ||
        dup2(null, STDOUT_FILENO) < 0 || dup2(null, STDERR_FILENO) < 0 || dup2(pages, FD_PAGES) < 0 ||
        dup2(events, FD_EVENTS) < 0 || dup2(tokens, FD_TOKENS) < 0 || setenv("LD_PRELOAD", shim, 1) != 0 ||
        setenv("XENSTORED_RUNDIR", folder, 1) != 0)
        err(EXIT_INTERNAL, "%s", xenstored);
    execl(xenstored, xenstored, "-N", "-w", "watch-event=0", (char *)NULL);
    _exit(EXIT_INTERNAL);
}

static int connect_to(const char *folder)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s/socket", folder);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) != 0)
        err(EXIT_INTERNAL, "%s", address.sun_path);
    return fd;
}

static void tidy(const char *folder)
{
    char path[64];

    snprintf(path, sizeof path, "%s/socket", folder);
    if (unlink(path) != 0 || rmdir(folder) != 0)
        warn("%s", folder);
}

void real_start(struct real *r, const char *xenstored, const char *shim)
{
    char folder[] = "/tmp/xenstored.XXXXXX";
    int events[2], tokens[2];
    if (access(xenstored, X_OK) != 0 || access(shim, R_OK) != 0)
        err(4, "%s, or its shim %s", xenstored, shim);
    const int pages = memfd_create("pages", MFD_CLOEXEC);

    if (pages < 0 || ftruncate(pages, (off_t)PAGES * RING_PAGE_BYTES) != 0 || mkdtemp(folder) == NULL)
        err(EXIT_INTERNAL, "xenstored's pages and folder");
    r->pages = mmap(NULL, (size_t)PAGES * RING_PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, pages, 0);
    if (r->pages == MAP_FAILED)
        err(EXIT_INTERNAL, "xenstored's pages");
    real_set_state(r, 0, DOMAIN_ALIVE);
    pair(events, SOCK_SEQPACKET);
    pair(tokens, SOCK_STREAM);
    r->events = events[0], r->tokens = tokens[0];
    r->pid = fork();
    if (r->pid < 0)
        err(EXIT_INTERNAL, "fork");
    if (r->pid == 0)
        run(xenstored, shim, folder, pages, events[1], tokens[1]);
    close(pages), close(events[1]), close(tokens[1]);
    real_settle(r);
    r->socket = connect_to(folder);
    tidy(folder);
}

void real_stop(struct real *r)
{
    kill(r->pid, SIGKILL);
    waitpid(r->pid, NULL, 0);
    munmap(r->pages, (size_t)PAGES * RING_PAGE_BYTES);
    close(r->events), close(r->tokens), close(r->socket);
}

void real_set_state(struct real *r, unsigned domid, unsigned state)
{
    ((volatile char *)r->pages)[STATES_PAGE * RING_PAGE_BYTES + domid] = (char)state;
}

void real_event(struct real *r, uint32_t port)
{
    if (write(r->events, &port, sizeof port) != sizeof port)
        err(EXIT_INTERNAL, "xenstored takes no event");
}

static void wait_for(int fd)
{
    struct pollfd waits = {.fd = fd, .events = POLLIN};

    if (poll(&waits, 1, ANSWER_MS) != 1)
        errx(EXIT_INTERNAL, "xenstored does not answer");
}

void real_settle(struct real *r)
{
    char token = 't';

    if (write(r->tokens, &token, 1) != 1)
        err(EXIT_INTERNAL, "xenstored takes no token");
    wait_for(r->tokens);
    if (read(r->tokens, &token, 1) != 1)
        errx(EXIT_INTERNAL, "xenstored has ended");
}

static void get(int fd, void *to, size_t bytes)
{
    for (size_t got = 0; got < bytes;) {
        wait_for(fd);
        const ssize_t more = read(fd, (char *)to + got, bytes - got);
        if (more <= 0)
            errx(EXIT_INTERNAL, "xenstored has closed its socket");
        got += (size_t)more;
    }
}

void real_ask(struct real *r, struct xsd_sockmsg *head, const void *body, char *answer)
{
    if (write(r->socket, head, sizeof *head) != sizeof *head ||
        write(r->socket, body, head->len) != (ssize_t)head->len)
        err(EXIT_INTERNAL, "xenstored's socket");
    get(r->socket, head, sizeof *head);
    if (head->len > XENSTORE_PAYLOAD_MAX)
        errx(EXIT_INTERNAL, "an answer of %u bytes", head->len);
    get(r->socket, answer, head->len);
    answer[head->len] = '\0';
    real_settle(r);
}
