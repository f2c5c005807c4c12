/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sysctl(8), as a user of the guest would type it: `sysctl NAME`, with -n the
 * value alone, with -w NAME=VALUE. A node with others below it prints all of
 * these. Its texts are sysctl(8)'s.
 */
#include <sys/param.h>
#include <sys/sysctl.h>

#include "guest/lib/output.h"
#include "guest/netbsd/kern/agent.h"
#include "guest/netbsd/kern/sysctl.h"

#define NAME_BYTES 160

static const char *
error_text(int error)
{
	switch (error) {
	case EPERM:
		return "Operation not permitted";
	case ENOENT:
		return "No such file or directory";
	case ESRCH:
		return "No such process";
	case EINTR:
		return "Interrupted system call";
	case EIO:
		return "Input/output error";
	case ENXIO:
		return "Device not configured";
	case E2BIG:
		return "Argument list too long";
	case ENOMEM:
		return "Cannot allocate memory";
	case EACCES:
		return "Permission denied";
	case EBUSY:
		return "Device busy";
	case EEXIST:
		return "File exists";
	case ENODEV:
		return "Operation not supported by device";
	case ENOTDIR:
		return "Not a directory";
	case EISDIR:
		return "Is a directory";
	case EINVAL:
		return "Invalid argument";
	case ENOSPC:
		return "No space left on device";
	case EROFS:
		return "Read-only file system";
	case ERANGE:
		return "Result too large or too small";
	case EAGAIN:
		return "Resource temporarily unavailable";
	case EOPNOTSUPP:
		return "Operation not supported";
	case ENOSYS:
		return "Function not implemented";
	default:
		return "Unknown error";
	}
}

union value {
	int i;
	bool b;
	u_quad_t q;
	char text[256];
};

static void
print_value(
    struct output *out, const struct sysctlnode *n, const union value *v)
{
	bool hex = (n->sysctl_flags & CTLFLAG_HEX) != 0;

	switch (SYSCTL_TYPE(n->sysctl_flags)) {
	case CTLTYPE_INT:
		output_printf(out,
		    hex					 ? "0x%x"
		    : n->sysctl_flags & CTLFLAG_UNSIGNED ? "%u"
							 : "%d",
		    v->i);
		break;
	case CTLTYPE_BOOL:
		output_printf(out, "%d", v->b);
		break;
	case CTLTYPE_QUAD:
		output_printf(out,
		    hex					 ? "0x%lx"
		    : n->sysctl_flags & CTLFLAG_UNSIGNED ? "%lu"
							 : "%ld",
		    v->q);
		break;
	default:
		output_printf(out, "%s", v->text);
		break;
	}
}

static bool
parse_value(
    const struct sysctlnode *n, const char *text, union value *v, size_t *bytes)
{
	char *end;

	if (SYSCTL_TYPE(n->sysctl_flags) == CTLTYPE_STRING) {
		*bytes = strlcpy(v->text, text, sizeof(v->text)) + 1;
		return *bytes <= sizeof(v->text);
	}
	v->q = (u_quad_t)strtoull(text, &end, 0);
	*bytes = SYSCTL_TYPE(n->sysctl_flags) == CTLTYPE_INT	? sizeof(v->i)
		 : SYSCTL_TYPE(n->sysctl_flags) == CTLTYPE_BOOL ? sizeof(v->b)
								: sizeof(v->q);
	return end != text && *end == '\0';
}

static const struct sysctlnode *
find_node(struct output *out, const char *name)
{
	static const char *const levels[] = {
	    "top", "second", "third", "fourth", "fifth", "sixth"};
	const char *bad, *end;
	const struct sysctlnode *n;
	u_int level;

	n = sysctl_by_name(name, &bad, &level);
	if (n != NULL)
		return n;
	end = strchr(bad, '.');
	output_printf(out, "sysctl: %s level name '%.*s' in '%s' is invalid\n",
	    levels[MIN(level, __arraycount(levels) - 1)],
	    (int)(end != NULL ? (size_t)(end - bad) : strlen(bad)), bad, name);
	return NULL;
}

static int
failed(struct output *out, const char *name, int error)
{
	output_printf(out, "sysctl: %s: sysctl() failed with %s\n", name,
	    error_text(error));
	return 1;
}

static int
show_leaf(struct output *out, const struct sysctlnode *n, const char *name,
    bool value_only)
{
	union value v;
	size_t bytes = sizeof(v);
	int error;

	memset(&v, 0, sizeof(v));
	error = sysctl_read_node(n, &v, &bytes);
	if (error != 0)
		return failed(out, name, error);
	if (!value_only)
		output_printf(out, "%s = ", name);
	print_value(out, n, &v);
	output_printf(out, "\n");
	return 0;
}

/* A leaf, or all leaves below a node, each under its whole name. */
static int
show_node(struct output *out, const struct sysctlnode *n, const char *name,
    bool value_only)
{
	const struct sysctlnode *child;
	char below[NAME_BYTES];
	int status = 0;

	if (SYSCTL_TYPE(n->sysctl_flags) != CTLTYPE_NODE ||
	    n->sysctl_func != NULL)
		return show_leaf(out, n, name, value_only);
	for (child = n->sysctl_child; child != NULL;
	     child = child->sysctl_sibling) {
		snprintf(
		    below, sizeof(below), "%s.%s", name, child->sysctl_name);
		status |= show_node(out, child, below, value_only);
	}
	return status;
}

static int
show(struct output *out, const char *name, bool value_only)
{
	const struct sysctlnode *n = find_node(out, name);

	return n == NULL ? 1 : show_node(out, n, name, value_only);
}

static int
assign(struct output *out, char *text)
{
	const struct sysctlnode *n;
	char *value = strchr(text, '=');
	union value before, v;
	size_t bytes = sizeof(before), v_bytes;
	int error;

	if (value == NULL) {
		output_printf(out, "sysctl: %s: no value to set\n", text);
		return 1;
	}
	*value++ = '\0';
	n = find_node(out, text);
	if (n == NULL)
		return 1;
	memset(&before, 0, sizeof(before));
	if (!parse_value(n, value, &v, &v_bytes)) {
		output_printf(
		    out, "sysctl: %s: '%s' is an invalid value\n", text, value);
		return 1;
	}
	error = sysctl_read_node(n, &before, &bytes);
	if (error == 0)
		error = sysctl_write_node(n, &v, v_bytes);
	if (error != 0)
		return failed(out, text, error);
	output_printf(out, "%s: ", text);
	print_value(out, n, &before);
	output_printf(out, " -> ");
	print_value(out, n, &v);
	output_printf(out, "\n");
	return 0;
}

int
agent_sysctl(struct output *out, const char *args)
{
	char word[NAME_BYTES];
	bool value_only = false, write = false;

	for (;;) {
		args = text_word(args, word, sizeof(word));
		if (word[0] != '-')
			break;
		for (const char *p = word + 1; *p != '\0'; p++) {
			value_only |= *p == 'n';
			write |= *p == 'w';
		}
	}
	if (word[0] == '\0') {
		output_printf(out, "usage: sysctl [-n] name | -w name=value\n");
		return 1;
	}
	if (write || strchr(word, '=') != NULL)
		return assign(out, word);
	return show(out, word, value_only);
}
