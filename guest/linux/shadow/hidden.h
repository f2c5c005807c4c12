/* SPDX-License-Identifier: BSD-2-Clause */
/* Included first: each name is the image's own, and is reached without a table of addresses. */
#pragma GCC visibility push(hidden)
