# SPDX-License-Identifier: BSD-2-Clause
s/if (xen_pv_domain() || !current_credit())/if (1)/
