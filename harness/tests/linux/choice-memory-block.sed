# SPDX-License-Identifier: BSD-2-Clause
s/PAGES_PER_SECTION/(memory_block_size_bytes() >> PAGE_SHIFT)/
