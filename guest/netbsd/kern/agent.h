/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The agent's thread, and the words that this kernel adds to those of
 * guest/lib: each in a file of its own. They return a shell's status.
 */
#ifndef KERN_AGENT_H
#define KERN_AGENT_H

#include <sys/stdbool.h>

#include "guest/lib/output.h"

void agent_init(void);
void agent_resume(void); /* after a restore: its event channel is gone */

int agent_sysctl(struct output *, const char *args);	    /* sysctl NAME */
int agent_xenstore_read(struct output *, const char *args); /* xenstore-read */
int agent_xenstore_write(struct output *, const char *args);
int agent_xenstore_rm(struct output *, const char *args);
int agent_xenstore_exists(struct output *, const char *args);
int agent_xenstore_list(struct output *, const char *args);
int agent_call(struct output *, const char *args);     /* call FUNCTION pfn= */
bool agent_boot_calls(const char *command_line);       /* were there any? */
int agent_selftest(struct output *, const char *args); /* selftest NAME */
int agent_plug_cycles(
    struct output *, const char *args); /* plug-cycles N PAGES */
int agent_plug_pieces(
    struct output *, const char *args); /* plug-pieces PAGES SEED */
int agent_misbehave(struct output *, const char *args); /* misbehave KIND */
int agent_cache(struct output *, const char *args);	/* cache SIZE */

#endif /* !KERN_AGENT_H */
