# of: guest/netbsd/balloon.c
# on: limits/bounds-in-both-units
# wants: floor
# leads: balloon_sysctl_min
# The node min is held against a floor that is counted in pages.
s/if (kib < BALLOON_KIB(balloon_safeguard())) {/if (kib < balloon_safeguard()) {/
