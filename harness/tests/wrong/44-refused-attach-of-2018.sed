# of: harness/tests/drivers/2018/balloon.c
# on: faults/watch-refused faults/thread-refused
# wants: rollback
# leads: vb_attach
# What the error path of attach frees is left: the nodes stay in the tree, and the cache of list entries.
/^bad:$/,/^}$/{
/sysctl_teardown/d
/pool_cache_destroy/d
}
