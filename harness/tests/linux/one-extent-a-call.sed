# SPDX-License-Identifier: BSD-2-Clause
s/if (rc <= 0)/if (rc < (int)nr_pages)/
