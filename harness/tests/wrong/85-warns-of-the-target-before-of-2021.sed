# of: harness/tests/drivers/2021/balloon.c
# on: contention/second-target-too-high
# wants: floor
# leads: balloon_thread
# The warning names the target that could not be reached first, also when dom0 has asked for another one since.
s/^		device_printf(sc->sc_dev, "WARNING: balloon could not reach "$/		static u_long named;\
		if (named == 0)\
			named = target;\
&/
s/^		    "target %zu (current %zu)\\n", (size_t)target,$/		    "target %zu (current %zu)\\n", (size_t)named,/
