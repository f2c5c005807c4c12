# of: harness/tests/drivers/2023/balloon.c
# on: limits/bounds-in-both-units
# wants: floor
# leads: xballoon_sysctl_min
# The node min is held against a floor that is counted in pages.
s/const u_quad_t safe = KIB(uvmexp.freemin + 256);/const u_quad_t safe = uvmexp.freemin + 256;/
