/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shadows Linux's: the size of a section is compiled into all files that look at one, and the build may say another than the
 * architecture's. LINUX_SECTION_BITS=22 makes sections of 4 MiB, the least that hold the allocator's largest block.
 */
#ifndef BALLAST_SPARSEMEM_H
#define BALLAST_SPARSEMEM_H

#include_next <asm/sparsemem.h>

#ifdef LINUX_SECTION_BITS
#undef SECTION_SIZE_BITS
#define SECTION_SIZE_BITS LINUX_SECTION_BITS
#endif

#endif
