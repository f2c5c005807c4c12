# SPDX-License-Identifier: BSD-2-Clause
s/current_pages -= nr_pages;/current_pages += 0;/
