/* SPDX-License-Identifier: BSD-2-Clause */
/* config(1) writes kernel options here; Ballast gives them on the command line. */
