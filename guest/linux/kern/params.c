/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line: early parameters, __setup() and module parameters of the files that are linked. */
#include <linux/ctype.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <asm/setup.h>

#include "runtime.h"

/* The linker puts these around the sections, which the build has given names that it can do so for. */
extern const struct obs_kernel_param __start_init_setup[], __stop_init_setup[];
extern const struct kernel_param __start___param[], __stop___param[];

char __initdata boot_command_line[COMMAND_LINE_SIZE];

static int set_uint(const char *value, const struct kernel_param *param)
{
	return kstrtouint(value, 0, (unsigned int *)param->arg);
}

static int set_ulong(const char *value, const struct kernel_param *param)
{
	return kstrtoul(value, 0, (unsigned long *)param->arg);
}

static int set_bool(const char *value, const struct kernel_param *param)
{
	return kstrtobool(value ? value : "1", (bool *)param->arg);
}

static int get_uint(char *text, const struct kernel_param *param)
{
	return scnprintf(text, PAGE_SIZE, "%u\n", *(unsigned int *)param->arg);
}

static int get_bool(char *text, const struct kernel_param *param)
{
	return scnprintf(text, PAGE_SIZE, "%c\n", *(bool *)param->arg ? 'Y' : 'N');
}

const struct kernel_param_ops param_ops_uint = {.set = set_uint, .get = get_uint};
const struct kernel_param_ops param_ops_ulong = {.set = set_ulong};
const struct kernel_param_ops param_ops_bool = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG, .set = set_bool, .get = get_bool};

/* Copies the next word; false: there is none. */
static bool next_word(const char **line, char *word, size_t room)
{
	size_t bytes;

	*line = skip_spaces(*line);
	bytes = strcspn(*line, " ");
	if (bytes == 0)
		return false;
	strscpy(word, *line, min(bytes + 1, room));
	*line += bytes;
	return true;
}

static void setup(char *word, bool early)
{
	char *value = strchr(word, '=');

	for (const struct obs_kernel_param *p = __start_init_setup; p < __stop_init_setup; p++) {
		const size_t bytes = strlen(p->str);

		if (p->early != early || strncmp(word, p->str, bytes) != 0)
			continue;
		if (early && word[bytes] != '\0' && word[bytes] != '=')
			continue;
		(void)p->setup_func(early ? (value ? value + 1 : NULL) : word + bytes);
	}
}

static void module_parameter(char *word)
{
	char *value = strchr(word, '=');
	const size_t bytes = value ? (size_t)(value - word) : strlen(word);

	for (const struct kernel_param *p = __start___param; p < __stop___param; p++)
		if (strlen(p->name) == bytes && strncmp(p->name, word, bytes) == 0)
			(void)p->ops->set(value ? value + 1 : NULL, p);
}

/* /sys/module/MODULE/parameters/NAME, which is MODULE.NAME on the command line. */
int parameter_cat(const char *path, char *page)
{
	const char *name = strstr(path, "/parameters/");
	const size_t bytes = name ? (size_t)(name - path) : 0;

	for (const struct kernel_param *p = __start___param; name && p < __stop___param; p++)
		if (strncmp(p->name, path, bytes) == 0 && p->name[bytes] == '.' &&
		    strcmp(p->name + bytes + 1, name + strlen("/parameters/")) == 0)
			return p->ops->get(page, p);
	return -ENOENT;
}

void parameters_early(const char *command_line)
{
	char word[128];

	strscpy(boot_command_line, command_line, sizeof(boot_command_line));
	while (next_word(&command_line, word, sizeof(word)))
		setup(word, true);
}

void parameters_late(const char *command_line)
{
	char word[128];

	while (next_word(&command_line, word, sizeof(word))) {
		setup(word, false);
		module_parameter(word);
	}
}
