/* SPDX-License-Identifier: BSD-2-Clause */
/* rbtree(3) by its older name. */
#include <sys/rbtree.h>
