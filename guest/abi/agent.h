/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * First words of command lines for a guest's agent that the harness has to know, too: it gives some of these commands by
 * itself, and waits longer for others. All other words a scenario's line just carries to the agent. X(word) makes a
 * row of a table, and the rows are separated by commas.
 */
#ifndef GUEST_ABI_AGENT_H
#define GUEST_ABI_AGENT_H

#define AGENT_AUDIT \
    "audit" /* the guest walks over its memory and tells what it finds: part of every `settle` */
#define AGENT_CALL "call" /* `DOM call FUNCTION ...`: calls a function of the kernel, says what it returned */

/* Workloads on the guest's pages: each takes as long as it has pages. X(word) */
#define AGENT_WORKLOADS(X) X(hold), X(churn), X(verify), X(release)

/* The same, in kernels that take pages back when they are short, or end a process for it. X(word) */
#define AGENT_PRESSURE(X) X(cache), X(fill)

/* First words of lines for a probe: those about single pages or frames, and all. X(word) */
#define PROBE_PAGE_WORDS(X) X(map), X(unmap), X(write), X(read), X(m2p), X(frame)
#define PROBE_WORDS(X)      X(hypercall), PROBE_PAGE_WORDS(X), X(touch), X(remap), X(last), X(channel)

#endif
