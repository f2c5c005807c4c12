/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * In place of a header that newer versions generate from Kconfig: of which features of a processor it is known before boot that they
 * are there, or are not. Here that is only known of page tables of five levels, which a guest doesn't have.
 */
#ifndef BALLAST_CPUFEATUREMASKS_H
#define BALLAST_CPUFEATUREMASKS_H

#define REQUIRED_MASK_BIT_SET(feature) 0
#define DISABLED_MASK_BIT_SET(feature) ((feature) == X86_FEATURE_LA57)

#endif
