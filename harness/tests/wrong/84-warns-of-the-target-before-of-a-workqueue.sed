# of: harness/tests/styles/workqueue.c
# on: contention/second-target-too-high
# wants: floor
# leads: wqb_work
# The warning names the target that could not be reached first, also when dom0 has asked for another one since.
s/^	aprint_error_dev(sc->sc_dev, "WARNING: balloon could not reach target "$/	static size_t named;\
	if (named == 0)\
		named = target;\
&/
s/^	    "%zu (current %zu)\\n", target, now);$/	    "%zu (current %zu)\\n", named, now);/
