/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Words that both sides know: a guest's agent takes lines that begin with them, and the harness, which otherwise
 * passes on what a scenario types, types some of them by itself or waits longer for others. The lists are rows of a
 * table, with commas between them.
 */
#ifndef GUEST_ABI_AGENT_H
#define GUEST_ABI_AGENT_H

#define AGENT_AUDIT \
    "audit" /* the guest walks over its memory and tells what it finds: part of every `settle` */
#define AGENT_CALL "call" /* `DOM call FUNCTION ...`: calls a function of the kernel, says what it returned */

/* Workloads on the guest's pages: each takes as long as it has pages. X(word) */
#define AGENT_WORKLOADS(X) X(hold), X(churn), X(verify), X(release)

/* What a line for a probe begins with: those about single pages or frames, and all. X(word) */
#define PROBE_PAGE_WORDS(X) X(map), X(unmap), X(write), X(read), X(m2p), X(frame)
#define PROBE_WORDS(X)      X(hypercall), PROBE_PAGE_WORDS(X), X(touch), X(last)

#endif
