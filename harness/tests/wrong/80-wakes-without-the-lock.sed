# of: guest/netbsd/balloon.c
# on: tour/shrink-and-grow-back
# wants: guest-contained
# leads: balloon_target_written
# The watch wakes the thread without the lock: it may look before, and fall asleep after it.
/^balloon_target_written(/,/^}/{/mutex_e[nx]/d;}
