# SPDX-License-Identifier: BSD-2-Clause
s/^#include <linux\/mm.h>/&\n#include <linux\/oom.h>/
s/^static int balloon_thread(void \*unused)/static int deflate_on_oom(struct notifier_block *nb, unsigned long action, void *freed)\
{\
	if (balloon_is_inflated() \&\& increase_reservation(512) == BP_DONE)\
		*(unsigned long *)freed += 512;\
	return NOTIFY_OK;\
}\
static struct notifier_block oom_nb = {.notifier_call = deflate_on_oom};\
\
&/
s/^	set_freezable();/	register_oom_notifier(\&oom_nb);\n&/
