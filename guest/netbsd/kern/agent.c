/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's agent (guest/lib/agent.h) as this kernel has it: the thread that
 * it runs on, the event that wakes it, and the words that it understands.
 */
#include "guest/netbsd/kern/agent.h"

#include <sys/param.h>
#include <sys/kthread.h>
#include <sys/intr.h>
#include <xen/evtchn.h>

#include "guest/abi/agent.h"
#include "guest/lib/agent.h"
#include "guest/lib/debug_port.h"
#include "guest/lib/output.h"
#include "guest/lib/workload.h"
#include "guest/netbsd/kern/audit.h"
#include "guest/netbsd/kern/description.h"
#include "guest/netbsd/kern/evtchn.h"
#include "guest/netbsd/kern/thread.h"

#define LINE_BYTES   512
#define OUTPUT_BYTES 4096

static char agent_event;

static int
run_audit(struct output *out __unused, const char *args __unused)
{
	audit();
	return 0;
}

#define ROW(word, run) {word, run},

static const struct agent_word words[] = {
    NETBSD_COMMANDS(ROW){AGENT_AUDIT, run_audit},
    {AGENT_CALL, agent_call},
};

static int
run(struct output *out, const char *line)
{
	return agent_run(words, __arraycount(words), out, line);
}

static void
wait(void)
{
	(void)thread_sleep(&agent_event, "agent", 0);
}

static void
agent_thread(void *arg __unused)
{
	static char line[LINE_BYTES], text[OUTPUT_BYTES];
	static const struct agent agent = {
	    .line = line,
	    .line_bytes = sizeof(line),
	    .text = text,
	    .text_bytes = sizeof(text),
	    .run = run,
	    .wait = wait,
	};

	agent_serve(&agent);
}

static int
agent_interrupt(void *arg __unused)
{
	thread_wake_all(&agent_event);
	return 1;
}

void
agent_resume(void)
{
	evtchn_port_t port = evtchn_alloc_unbound();

	KASSERT(port != 0);
	(void)event_set_handler(
	    (int)port, agent_interrupt, NULL, IPL_TTY, "agent");
	(void)port_call(PORT_PUBLISH, PORT_AGENT_EVTCHN, 0, port, 0);
}

void
agent_init(void)
{
	if (kthread_create(PRI_NONE, KTHREAD_MPSAFE, NULL, agent_thread, NULL,
		NULL, "agent") != 0)
		panic("agent: no thread");
	agent_resume();
}
