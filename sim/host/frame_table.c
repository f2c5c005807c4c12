/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory for the tables of frames. */
#include "sim/host/frame_table.h"

#include <assert.h>

#include "sim/os_memory.h"

bool frame_table_init(struct host *host, uint64_t host_pages)
{
    assert(host->frames == NULL && host->m2p == NULL);
    assert(host_pages > 0);
    host->end_mfn = HOST_FIRST_MFN + host_pages;
    if (host->end_mfn > UINT32_MAX) /* frame numbers are 32 bits wide in recordings */
        return false;
    host->frames_bytes = host->end_mfn * sizeof(struct frame);
    host->m2p_bytes = host->end_mfn * sizeof(uint64_t);
    host->frames = os_memory_get(host->frames_bytes);
    const void *m2p_guest = NULL;
    host->m2p = os_memory_get_shared(host->m2p_bytes, &m2p_guest);
    host->m2p_guest = m2p_guest;
    if (host->frames != NULL && host->m2p != NULL)
        return true;
    frame_table_free(host);
    return false;
}

void frame_table_free(struct host *host)
{
    os_memory_free(host->frames, host->frames_bytes);
    os_memory_free_shared(host->m2p, host->m2p_guest, host->m2p_bytes);
    host->frames = NULL;
    host->m2p = NULL;
    host->m2p_guest = NULL;
}

void frame_table_huge(struct host *host)
{
    assert(host->frames != NULL && host->m2p_guest != NULL);
    if (host->huge)
        return;
    host->huge = true;
    os_memory_huge(host->frames, host->frames_bytes);
    os_memory_huge(host->m2p, host->m2p_bytes);
    os_memory_huge((void *)(uintptr_t)host->m2p_guest, host->m2p_bytes);
}
