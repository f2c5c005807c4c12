# SPDX-License-Identifier: BSD-2-Clause
# A transaction can look at one node more than allowed.
# file: sim/xenstore/transaction.c
s/copies_count >= QUOTA_TRANSACTION_NODES/copies_count > QUOTA_TRANSACTION_NODES/
