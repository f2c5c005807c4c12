/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `call FUNCTION NAME=N ...`: physseg code below any driver, of which only plug
 * and unplug are for one. The others are a port's boot code's: a command line
 * `boot: CALL; CALL` calls them before uvm_page_init, when they may be. The
 * output is what the function returned: true, false, or a number, -1 for none.
 * A segment is named by a pfn in it, and told by its first one. The status is 1
 * when the line can't be understood.
 */
#include <sys/param.h>
#include <sys/kmem.h>
#include <uvm/uvm.h>

#include "guest/lib/output.h"
#include "guest/netbsd/kern/agent.h"
#include "guest/netbsd/kern/description.h"

/* Weak, since segment files of other years lack some of them. */
#pragma weak uvm_page_physunload
#pragma weak uvm_page_physunload_force
#pragma weak uvm_physseg_get_prev
#pragma weak uvm_physseg_get_last
#pragma weak uvm_physseg_get_free_list
#pragma weak uvm_physseg_set_avail_start
#pragma weak uvm_physseg_set_avail_end

#define PARAMETERS(X)                                                          \
	X(pfn)                                                                 \
	X(pages)                                                               \
	X(to)                                                                  \
	X(start)                                                               \
	X(end)                                                                 \
	X(avail_start)                                                         \
	X(avail_end)                                                           \
	X(freelist)

struct arguments {
#define X(name) u_long name;
	PARAMETERS(X)
#undef X
};

/* The number behind `key=` in a text. */
static bool
text_number(const char *text, const char *key, u_long *value)
{
	size_t key_bytes = strlen(key);
	char word[64], *end;

	for (;;) {
		text = text_word(text, word, sizeof(word));
		if (word[0] == '\0')
			return false;
		if (strncmp(word, key, key_bytes) != 0 ||
		    word[key_bytes] != '=')
			continue;
		*value = strtoul(word + key_bytes + 1, &end, 0);
		return end != word + key_bytes + 1 && *end == '\0';
	}
}

static uvm_physseg_t
segment_of(const struct arguments *a)
{
	return uvm_physseg_find(a->pfn, NULL);
}

/* The segment's first pfn; -1: the handle is that of none. */
static long
told(uvm_physseg_t upm)
{
	return uvm_physseg_valid_p(upm) ? (long)uvm_physseg_get_start(upm) : -1;
}

/* CALL(function, what it returned): a number, unless it is a bool. */
#define CALL_OF(function, form, answer)                                        \
	static void call_##function(                                           \
	    struct output *out, const struct arguments *a __unused)            \
	{                                                                      \
		output_printf(out, form "\n", answer);                         \
	}
#define CALL(function, answer) CALL_OF(function, "%ld", (long)(answer))
#define CALL_BOOL(function, answer)                                            \
	CALL_OF(function, "%s", (answer) ? "true" : "false")

/* The harness is told of both calls, but not at boot, when there is nothing to judge them by. */
bool __real_uvm_physseg_plug(paddr_t, size_t, uvm_physseg_t *);
bool __real_uvm_physseg_unplug(paddr_t, size_t);

static bool
plug(u_long pfn, u_long pages)
{
	uvm_physseg_t upm;

	return uvm.page_init_done ? uvm_physseg_plug(pfn, pages, &upm)
				  : __real_uvm_physseg_plug(pfn, pages, &upm);
}
CALL_BOOL(uvm_physseg_plug, plug(a->pfn, a->pages))

static bool
unplug(u_long pfn, u_long pages)
{
	return uvm.page_init_done ? uvm_physseg_unplug(pfn, pages)
				  : __real_uvm_physseg_unplug(pfn, pages);
}
CALL_BOOL(uvm_physseg_unplug, unplug(a->pfn, a->pages))

static long
offset_of(const struct arguments *a)
{
	psize_t off;

	return uvm_physseg_valid_p(uvm_physseg_find(a->pfn, &off)) ? (long)off
								   : -1;
}
CALL(uvm_physseg_find, offset_of(a))
CALL_BOOL(uvm_physseg_valid_p, uvm_physseg_valid_p(segment_of(a)))
CALL(uvm_physseg_get_highest_frame, uvm_physseg_get_highest_frame())
CALL(uvm_physseg_get_start, uvm_physseg_get_start(segment_of(a)))
CALL(uvm_physseg_get_end, uvm_physseg_get_end(segment_of(a)))
CALL(uvm_physseg_get_avail_start, uvm_physseg_get_avail_start(segment_of(a)))
CALL(uvm_physseg_get_avail_end, uvm_physseg_get_avail_end(segment_of(a)))
CALL(uvm_physseg_get_free_list, uvm_physseg_get_free_list(segment_of(a)))

CALL(uvm_physseg_get_first, told(uvm_physseg_get_first()))
CALL(uvm_physseg_get_last, told(uvm_physseg_get_last()))
CALL(uvm_physseg_get_next, told(uvm_physseg_get_next(segment_of(a))))
CALL(uvm_physseg_get_prev, told(uvm_physseg_get_prev(segment_of(a))))

/* Both answer with what is available from or up to now. */
CALL(uvm_physseg_set_avail_start,
    (uvm_physseg_set_avail_start(segment_of(a), a->to),
	uvm_physseg_get_avail_start(segment_of(a))))
CALL(
    uvm_physseg_set_avail_end, (uvm_physseg_set_avail_end(segment_of(a), a->to),
				   uvm_physseg_get_avail_end(segment_of(a))))

/*
 * Makes the segment's struct vm_pages a second time: answers how many pages
 * UVM believes to have gained.
 */
static long
pages_made(const struct arguments *a)
{
	uvm_physseg_t upm = segment_of(a);
	const int before = uvmexp.npages;

	if (!uvm_physseg_valid_p(upm))
		return -1;
	uvm_physseg_init_seg(upm, uvm_physseg_get_pg(upm, 0));
	return uvmexp.npages - before;
}
CALL(uvm_physseg_init_seg, pages_made(a))

CALL_BOOL(
    uvm_page_physload, uvm_physseg_valid_p(uvm_page_physload(a->start, a->end,
			   a->avail_start, a->avail_end, (int)a->freelist)))

/* The pfn of the page that was taken. */
static long
page_taken(
    bool (*take)(uvm_physseg_t, int, paddr_t *), const struct arguments *a)
{
	paddr_t pa = 0;

	if (!take(segment_of(a), (int)a->freelist, &pa))
		return -1;
	return (long)atop(pa);
}
CALL(uvm_page_physunload, page_taken(uvm_page_physunload, a))
CALL(uvm_page_physunload_force, page_taken(uvm_page_physunload_force, a))

/* Finds each parameter of a function in the text, or says which it is. */
static bool
arguments_find(struct output *out, const char *function, const char *parameters,
    const char *text, struct arguments *a)
{
	static const struct {
		const char *name;
		size_t offset;
	} known[] = {
#define X(name) {#name, offsetof(struct arguments, name)},
	    PARAMETERS(X)
#undef X
	};
	char parameter[16];

	for (;;) {
		size_t i = 0;

		parameters =
		    text_word(parameters, parameter, sizeof(parameter));
		if (parameter[0] == '\0')
			return true;
		while (strcmp(parameter, known[i].name) != 0) {
			i++;
			KASSERT(i < __arraycount(known));
		}
		if (!text_number(text, parameter,
			(u_long *)((char *)a + known[i].offset))) {
			output_printf(
			    out, "call %s: which %s=N?\n", function, parameter);
			return false;
		}
	}
}

int
agent_call(struct output *out, const char *args)
{
	static const struct {
		const char *name, *parameters;
		void (*run)(struct output *, const struct arguments *);
	} calls[] = {
#define X(function, parameters) {#function, parameters, call_##function},
	    NETBSD_CALLS(X)
#undef X
	};
	/* NULL: this segment file has none. In the order of the calls. */
	const void *const defined[] = {
#define X(function, parameters) (const void *)&function,
	    NETBSD_CALLS(X)
#undef X
	};
	struct arguments arguments = {0};
	char name[48];
	size_t i = 0;

	args = text_word(args, name, sizeof(name));
	while (i < __arraycount(calls) && strcmp(name, calls[i].name) != 0)
		i++;
	if (i == __arraycount(calls)) {
		output_printf(out, "call: this kernel has no %s\n", name);
		return 1;
	}
	if (defined[i] == NULL) {
		output_printf(out, "call: this segment file has no %s\n", name);
		return 1;
	}
	if (!arguments_find(out, name, calls[i].parameters, args, &arguments))
		return 1;
	calls[i].run(out, &arguments);
	return 0;
}

bool
agent_boot_calls(const char *command_line)
{
	static const char boot[] = "boot:";
	char call[160], answer[96];

	command_line = strstr(command_line, boot);
	if (command_line == NULL)
		return false;
	command_line += sizeof(boot) - 1;
	KASSERT(!uvm.page_init_done);
	while (*command_line != '\0') {
		struct output out = {.text = answer, .room = sizeof(answer)};
		size_t bytes = 0;

		while (*command_line == ' ')
			command_line++;
		while (
		    command_line[bytes] != '\0' && command_line[bytes] != ';')
			bytes++;
		if (bytes == 0 || bytes >= sizeof(call))
			panic("boot: no call, or one of more than %zu bytes",
			    sizeof(call) - 1);
		memcpy(call, command_line, bytes);
		call[bytes] = '\0';
		command_line += bytes + (command_line[bytes] == ';');
		answer[0] = '\0';
		(void)agent_call(&out, call);
		printf("boot: %s -> %s", call, answer);
	}
	return true;
}
