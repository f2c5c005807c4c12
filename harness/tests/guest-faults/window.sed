# Pages are mapped one after the other at the same virtual address, and no translation is dropped.
# file: guest/lib/window.c
# scenarios: lifecycle/stale-mapping tour/workload-keeps-data contention/workload-under-pressure
# wants: stale-translation integrity
s/UVMF_INVLPG/UVMF_NONE/
