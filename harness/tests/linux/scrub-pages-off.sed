# SPDX-License-Identifier: BSD-2-Clause
s/xenmem_reservation_scrub_page(/clear_highpage(/
