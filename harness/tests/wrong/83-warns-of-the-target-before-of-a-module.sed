# of: harness/tests/styles/module.c
# on: contention/second-target-too-high
# wants: floor
# leads: modball_thread
# The warning names the target that could not be reached first, also when dom0 has asked for another one since.
s/^		device_printf(sc->sc_dev, "WARNING: balloon could not reach "$/		static size_t named;\
		if (named == 0)\
			named = target;\
&/
s/^		    "target %lu (current %lu)\\n", target, now);$/		    "target %lu (current %lu)\\n", named, now);/
