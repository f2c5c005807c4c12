# SPDX-License-Identifier: BSD-2-Clause
s/panic("Initial ballooning failed!/pr_warn_once("Initial ballooning failed!/
