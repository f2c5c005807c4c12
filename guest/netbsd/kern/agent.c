/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's agent: a thread that does what a scenario types into the guest,
 * one line at a time, and answers with a status and a text.
 */
#include "guest/netbsd/kern/kern.h"

#include <sys/kthread.h>
#include <sys/intr.h>
#include <xen/evtchn.h>

#define LINE_BYTES   512
#define OUTPUT_BYTES 4096

static char agent_event;

void
output_printf(struct output *out, const char *fmt, ...)
{
	va_list ap;
	size_t bytes;

	va_start(ap, fmt);
	bytes = format_text(
	    out->text + out->bytes, out->room - out->bytes, fmt, ap);
	va_end(ap);
	out->bytes = MIN(out->bytes + bytes, out->room - 1);
}

/* The next word of a text; gives what is behind it. */
const char *
text_word(const char *text, char *word, size_t room)
{
	size_t bytes = 0;

	KASSERT(room != 0);
	while (*text == ' ' || *text == '\t')
		text++;
	for (; *text != '\0' && *text != ' ' && *text != '\t'; text++) {
		if (bytes + 1 < room)
			word[bytes++] = *text;
	}
	word[bytes] = '\0';
	return text;
}

static int
run_audit(struct output *out __unused, const char *args __unused)
{
	audit();
	return 0;
}

static const struct {
	const char *name;
	int (*run)(struct output *, const char *);
} commands[] = {
    {"audit", run_audit},
    {"sysctl", agent_sysctl},
    {"hold", workload_hold},
    {"churn", workload_churn},
    {"verify", workload_verify},
    {"release", workload_release},
    {"call", agent_call},
    {"selftest", agent_selftest},
    {"misbehave", agent_misbehave},
};

static int
run_line(struct output *out, const char *line)
{
	char word[32];
	const char *args = text_word(line, word, sizeof(word));

	for (size_t i = 0; i < __arraycount(commands); i++) {
		if (strcmp(word, commands[i].name) == 0)
			return commands[i].run(out, args);
	}
	output_printf(out, "%s: not found\n", word);
	return 127;
}

static void
agent_thread(void *arg __unused)
{
	static char line[LINE_BYTES], text[OUTPUT_BYTES];

	for (;;) {
		struct output out = {.text = text, .room = sizeof(text)};
		long bytes = port_call(
		    PORT_COMMAND, (unsigned long)line, sizeof(line) - 1, 0, 0);
		int status;

		if (bytes <= 0) {
			(void)thread_sleep(&agent_event, "agent", 0);
			continue;
		}
		line[MIN((size_t)bytes, sizeof(line) - 1)] = '\0';
		status = run_line(&out, line);
		(void)port_call(PORT_REPLY, (unsigned long)status,
		    (unsigned long)text, out.bytes, 0);
	}
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
