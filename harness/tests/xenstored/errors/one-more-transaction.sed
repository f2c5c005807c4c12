# SPDX-License-Identifier: BSD-2-Clause
# One transaction more than allowed can be open.
# file: sim/xenstore/transaction.c
s/transactions_count > QUOTA_TRANSACTIONS/transactions_count > QUOTA_TRANSACTIONS + 1/
