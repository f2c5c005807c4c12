/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An instruction that reads its operand in memory, and writes the result back there. A processor that can't reach the operand
 * faults with a write (W/R of its error code, Intel SDM volume 3A, chapter "Interrupt 14"); QEMU's emulation reads
 * first, and the fault that it tells is a read's.
 */
#ifndef HARNESS_XEN_INSTRUCTION_H
#define HARNESS_XEN_INSTRUCTION_H

#include <stdbool.h>
#include <stddef.h>

#define INSTRUCTION_BYTES_MAX 15u

/* Is the instruction at `code`, which ends within these bytes, of that kind? Its operand is taken to be in memory. */
bool instruction_writes_back(const unsigned char *code, size_t bytes);

#endif
