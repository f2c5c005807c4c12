# SPDX-License-Identifier: BSD-2-Clause
# file: guest/linux/designs/sections-only.c
# scenario: small-sections-host-dry
# A section that a user puts online gets no frames.
s/if (!is_users())/if (true)/
