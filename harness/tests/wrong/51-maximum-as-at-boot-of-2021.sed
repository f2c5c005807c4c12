# of: harness/tests/drivers/2021/balloon.c
# on: limits/maximum-raised-later
# wants: floor
# leads: balloon_set_target
# Xen's maximum is asked for once, and kept for good: a target that dom0 has made room for is called too high.
/^balloon_max(void)$/,/^}$/{
s/^{$/{\
	static u_long once;\
\
	if (once != 0)\
		return once;/
s/^	return \(.*\);$/	return once = \1;/
}
