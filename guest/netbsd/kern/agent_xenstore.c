/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xenstore's tools as a user of the guest would type them: xenstore-read, -write,
 * -rm, -exists and -list, of one path. A path that doesn't begin with / is
 * relative to the domain's own, as xenstore takes it. The texts are the tools'.
 */
#include <sys/param.h>
#include <xen/xenbus.h>

#include "guest/lib/output.h"
#include "guest/lib/string.h"
#include "guest/netbsd/kern/agent.h"

#define PATH_BYTES  512
#define VALUE_BYTES 512

/* The tool's first argument; false: there is none, and the usage was told. */
static bool
take_path(struct output *out, const char *usage, const char **args, char *path)
{
	*args = text_word(*args, path, PATH_BYTES);
	if (path[0] != '\0')
		return true;
	output_printf(out, "usage: %s", usage);
	return false;
}

int
agent_xenstore_read(struct output *out, const char *args)
{
	char path[PATH_BYTES], value[VALUE_BYTES];

	if (!take_path(out, "xenstore-read PATH", &args, path))
		return 1;
	if (xenbus_read(NULL, path, NULL, value, sizeof(value)) != 0) {
		output_printf(
		    out, "xenstore-read: couldn't read path %s", path);
		return 1;
	}
	output_printf(out, "%s", value);
	return 0;
}

/* The value is the rest of the line, perhaps in quotes. */
int
agent_xenstore_write(struct output *out, const char *args)
{
	char path[PATH_BYTES], value[VALUE_BYTES];

	if (!take_path(out, "xenstore-write PATH VALUE", &args, path))
		return 1;
	while (*args == ' ')
		args++;
	size_t bytes = strlen(args);
	if (bytes >= 2 && args[0] == '"' && args[bytes - 1] == '"') {
		args++;
		bytes -= 2;
	}
	if (bytes >= sizeof(value))
		bytes = sizeof(value) - 1;
	memcpy(value, args, bytes);
	value[bytes] = '\0';
	if (xenbus_write(NULL, path, NULL, value) == 0)
		return 0;
	output_printf(out, "xenstore-write: could not write path %s", path);
	return 1;
}

int
agent_xenstore_rm(struct output *out, const char *args)
{
	char path[PATH_BYTES];

	if (!take_path(out, "xenstore-rm PATH", &args, path))
		return 1;
	if (xenbus_rm(NULL, path, NULL) == 0)
		return 0;
	output_printf(out, "xenstore-rm: could not remove path %s", path);
	return 1;
}

int
agent_xenstore_exists(struct output *out, const char *args)
{
	char path[PATH_BYTES];

	if (!take_path(out, "xenstore-exists PATH", &args, path))
		return 1;
	return xenbus_exists(NULL, path, NULL) ? 0 : 1;
}

int
agent_xenstore_list(struct output *out, const char *args)
{
	char path[PATH_BYTES], **names;
	unsigned int count;

	if (!take_path(out, "xenstore-list PATH", &args, path))
		return 1;
	if (xenbus_directory(NULL, path, NULL, &count, &names) != 0) {
		output_printf(
		    out, "xenstore-list: could not list path %s", path);
		return 1;
	}
	for (unsigned int n = 0; n < count; n++)
		output_printf(out, "%s%s", n > 0 ? "\n" : "", names[n]);
	xenbus_directory_free(count, names);
	return 0;
}
