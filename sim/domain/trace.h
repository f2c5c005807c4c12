/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which code of a driver runs, block by block (struct machine_trace in sim/machine.h). A guest's blocks are counted down
 * anyway; where one of them is told, each is the last that may run, and so the guest leaves.
 */
#ifndef SIM_DOMAIN_TRACE_H
#define SIM_DOMAIN_TRACE_H

#include <stdbool.h>

struct domain;

/* The guest is about to go on after a call of its own: shall its blocks be told until the next one? */
void trace_choose(struct domain *);
/* A guest has left, of which each basic block is told. True: it left only because such a block ran, and it can go on. */
bool trace_block(struct domain *);

#endif
