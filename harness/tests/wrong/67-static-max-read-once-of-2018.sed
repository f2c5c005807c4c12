# of: harness/tests/drivers/2018/balloon.c
# on: limits/maximum-raised-later
# wants: floor
# leads: vb_target_watch
# memory/static-max is read with the first target, and every later one is clipped to it.
/^vb_target_watch(/,/^}/{
s/^	int error;$/&\
	static unsigned long long boot_max;/
s/^	mutex_enter(&sc->vb_lock);$/	if (boot_max == 0)\
		(void)xenbus_read_ull(NULL, "memory", "static-max",\
		    \&boot_max, 10);\
	most = MIN(most, atop(boot_max * 1024));\
&/
}
