/* SPDX-License-Identifier: BSD-2-Clause */
/* The levels are the same on every machine: <sys/intr.h>. */
#include <sys/intr.h>
