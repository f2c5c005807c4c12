# of: guest/netbsd/balloon.c
# on: limits/maximum-raised-later
# wants: floor
# leads: balloon_clip
# memory/static-max is read at the first target and kept: a maximum that dom0 raises later is never reached.
/^balloon_clip(struct balloon_softc \*sc, size_t target)$/,/^}$/{
s/^{$/{\
	static unsigned long long static_max_kib;/
s/^	limit += balloon_plug_room();$/&\
	if (static_max_kib == 0)\
		(void)xenbus_read_ull(NULL, "memory", "static-max",\
		    \&static_max_kib, 10);\
	limit = MIN(limit, static_max_kib >> BALLOON_KIB_SHIFT);/
}
