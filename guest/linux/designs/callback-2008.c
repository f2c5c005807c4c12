/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * callback-2008: online through a replaceable callback for each page, as KAMEZAWA Hiroyuki proposed it in April 2008. It became
 * Linux's set_online_page_callback(), and the driver here is Linux's own.
 */
#include "guest/abi/design.h"

DESIGN("callback-2008", "2008-04",
       "a callback for each page that goes online: Linux's own driver, as it is shipped");
