# of: guest/netbsd/balloon.c
# on: faults/decrease-short
# wants: guest-contained
# leads: balloon_shrink
# What Xen did not take is freed, and ballooned as well.
/^		TAILQ_REMOVE(pages, pg, pageq.queue);$/d
