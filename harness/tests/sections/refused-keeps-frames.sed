# SPDX-License-Identifier: BSD-2-Clause
# file: guest/linux/designs/design.c
# scenario: small-sections-refused
# A section that is kept from going online keeps its frames.
s/^	\(.*\)online += remove_offline(pfn + done, block) ? 0 : block;/	\1online += block;/
