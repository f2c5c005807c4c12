/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A driver that stands for a design, one of the ways to grow past boot memory that people proposed, says so in its own
 * file: DESIGN("hotplug-2010", "2010-01", "hot-plug whole sections"); puts the `design` row of guest/abi/kernel.h into the
 * kernel's description, and FEATURE a `feature` row. Both are assembly, since a row must not end with a NUL.
 */
#ifndef GUEST_ABI_DESIGN_H
#define GUEST_ABI_DESIGN_H

#define DESIGN_ROW(row) \
    __asm__(".pushsection .ballast.kernel,\"a\",@progbits\n.ascii \"" row "\\n\"\n.popsection")
#define DESIGN(name, date, text) DESIGN_ROW("design " name " " date " " text)
#define FEATURE(name)            DESIGN_ROW("feature " name)
/* What the design breaks by intent: an invariant, and why. */
#define WAIVER(invariant, text)  DESIGN_ROW("waiver " invariant " " text)

#endif
