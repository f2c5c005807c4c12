# SPDX-License-Identifier: BSD-2-Clause
# A request is read while 20 answers wait.
# file: sim/xenstore/ring.c
s/answers_queued < QUOTA_OUTSTANDING/answers_queued < QUOTA_OUTSTANDING + 1/
