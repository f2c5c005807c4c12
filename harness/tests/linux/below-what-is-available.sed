# SPDX-License-Identifier: BSD-2-Clause
s/__GFP_NORETRY | //;s/n_pages = min(-credit, si_mem_available())/n_pages = -credit/
