# SPDX-License-Identifier: BSD-2-Clause
s/n_pages = min(-credit, si_mem_available())/n_pages = min(-credit, max(si_mem_available() - 1024, 0L))/
