# SPDX-License-Identifier: BSD-2-Clause
# Everybody hears of domains that come and go.
# file: sim/xenstore/watch.c
s/^        fire(xs, concerned(\&xs->watches, path, true), path, perms, NULL);/        for (size_t i = 0, hits = concerned(\&xs->watches, path, true); i < hits; i++)\n            queue_event(xs, store_domain(xs, xs->watches.hit[i]->domid), perms == NULL ? "" : path, xs->watches.hit[i]->token);/
