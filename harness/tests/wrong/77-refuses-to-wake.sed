# of: guest/netbsd/balloon.c
# on: lifecycle/save-and-restore
# wants: guest-contained
# leads: balloon_resume
# It wakes, and says that it could not.
/^balloon_resume(/,/^}/s/return true;/return false;/
