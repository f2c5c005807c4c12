# The locks of struct vm_pages are destroyed, and nobody has initialised them.
/^		mutex_init(&pg->interlock, /d
