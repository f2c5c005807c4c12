/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's agent (guest/lib/agent.h) as this kernel has it: `cat FILE` and `echo VALUE > FILE` of sysfs, as a user of
 * the guest would type them, and the workloads.
 */
#include "guest/lib/agent.h"
#include "guest/abi/agent.h"
#include "guest/lib/output.h"
#include "guest/lib/string.h"
#include "guest/lib/workload.h"
#include "guest/linux/kern/bridge.h"
#include "guest/linux/kern/description.h"

#define LINE_BYTES    512
#define OUTPUT_BYTES  4096
#define WORD_BYTES    256
#define STATUS_KILLED 137 /* what a shell says of a process that a SIGKILL ended */

/* The errors that files of sysfs give, as a shell's commands print them. */
static const char *error_text(int error)
{
	switch (error) {
	case 1:
		return "Operation not permitted";
	case 2:
		return "No such file or directory";
	case 4:
		return "Interrupted system call";
	case 5:
		return "Input/output error";
	case 11:
		return "Resource temporarily unavailable";
	case 12:
		return "Cannot allocate memory";
	case 13:
		return "Permission denied";
	case 16:
		return "Device or resource busy";
	case 22:
		return "Invalid argument";
	default:
		return "Unknown error";
	}
}

static int run_audit(struct output *out, const char *args)
{
	(void)out;
	(void)args;
	linux_audit();
	return 0;
}

static int run_cat(struct output *out, const char *args)
{
	static char text[OUTPUT_BYTES];
	char path[WORD_BYTES];
	int error;

	(void)text_word(args, path, sizeof path);
	error = linux_agent_cat(path, text, sizeof text);
	if (error != 0)
		output_printf(out, "cat: %s: %s\n", path, error_text(error));
	else
		output_printf(out, "%s", text);
	return error != 0;
}

static int run_echo(struct output *out, const char *args)
{
	char value[WORD_BYTES], word[WORD_BYTES], path[WORD_BYTES];
	size_t bytes = 0;
	int error;

	/* The words up to `>`, with a blank between two. */
	value[0] = '\0';
	for (;;) {
		args = text_word(args, word, sizeof word);
		if (word[0] == '\0' || strcmp(word, ">") == 0 ||
		    bytes + 1 + strlen(word) >= sizeof value)
			break;
		if (bytes > 0)
			value[bytes++] = ' ';
		memcpy(value + bytes, word, strlen(word) + 1);
		bytes += strlen(word);
	}
	(void)text_word(args, path, sizeof path);
	if (strcmp(word, ">") != 0) {
		output_printf(out, "%s\n", value);
		return 0;
	}
	error = linux_agent_echo(path, value);
	if (error == 2)
		output_printf(out, "sh: %s: %s\n", path, error_text(error));
	else if (error != 0)
		output_printf(out, "echo: write error: %s\n", error_text(error));
	return error != 0;
}

/* `cache 20m`: reads so much of a file. Its pages stay until others need them. */
static int run_cache(struct output *out, const char *args)
{
	char word[WORD_BYTES];
	uint64_t pages, done;

	(void)text_word(args, word, sizeof word);
	if (!workload_amount(word, &pages)) {
		output_printf(out, "cache: how much? 80%% of what is free, or 20m, or 100p\n");
		return 1;
	}
	done = linux_read_file(pages);
	output_printf(out, "cache: %lu pages read, %lu cached\n", done, linux_cached_pages());
	return done == pages ? 0 : 1;
}

/* `fill 20m`: a process writes to so much memory, and is killed when there is not so much. */
static int run_fill(struct output *out, const char *args)
{
	char word[WORD_BYTES];
	uint64_t pages, done;
	int died;

	(void)text_word(args, word, sizeof word);
	if (!workload_amount(word, &pages)) {
		output_printf(out, "fill: how much? 80%% of what is free, or 20m, or 100p\n");
		return 1;
	}
	done = linux_process_touches(pages, &died);
	if (died)
		output_printf(out, "Killed\n");
	else
		output_printf(out, "fill: %lu pages, %lu in all\n", done, linux_process_pages());
	return died ? STATUS_KILLED : done != pages;
}

/* `release`: what is held, and the process of `fill` ends. */
static int run_release(struct output *out, const char *args)
{
	const unsigned long pages = linux_process_exits();

	if (pages != 0)
		output_printf(out, "fill: ended, %lu pages\n", pages);
	return workload_release(out, args);
}

/* `verify`: what is held, and what the process of `fill` wrote. */
static int run_verify(struct output *out, const char *args)
{
	const unsigned long lost = linux_process_lost();

	if (linux_process_pages() != 0)
		output_printf(out, "fill: %lu pages, %lu lost\n", linux_process_pages(), lost);
	return workload_verify(out, args) != 0 || lost != 0;
}

/* `backend PAGES`: a backend driver gives back what it had, and takes so many pages for frames of other domains. */
static int run_backend(struct output *out, const char *args)
{
	char word[WORD_BYTES], *end;
	unsigned long pages;
	int error;

	(void)text_word(args, word, sizeof word);
	pages = strtoul(word, &end, 10);
	if (word[0] == '\0' || *end != '\0' || pages > 1ul << 30) {
		output_printf(out, "backend: how many pages?\n");
		return 1;
	}
	error = linux_backend((unsigned int)pages);
	if (error != 0)
		output_printf(out, "backend: %s\n", error_text(error));
	return error != 0;
}

#define ROW(word, run) {word, run},

static const struct agent_word words[] = {LINUX_COMMANDS(ROW){AGENT_AUDIT, run_audit}};

static int run(struct output *out, const char *line)
{
	return agent_run(words, sizeof words / sizeof words[0], out, line);
}

void bridge_agent(void)
{
	static char line[LINE_BYTES], text[OUTPUT_BYTES];
	static const struct agent agent = {
		.line = line,
		.line_bytes = sizeof line,
		.text = text,
		.text_bytes = sizeof text,
		.run = run,
		.wait = linux_agent_wait,
	};

	agent_serve(&agent);
}
