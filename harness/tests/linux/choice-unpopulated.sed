# SPDX-License-Identifier: BSD-2-Clause
/^void xen_free_ballooned_pages/,/^}/{
	/if (current_credit())/,/wake_up/d
}
