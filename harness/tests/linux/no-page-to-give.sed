# SPDX-License-Identifier: BSD-2-Clause
s/max_retry_count = 4/max_retry_count = 5/
