/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a kernel can do only because of the code that a user brings: the recipe's rows
 *     feature.VARIANT NAME PART SYMBOL
 * say that a kernel of the variant has the feature when an object of that part refers to the symbol. A driver that
 * was built with an option and never calls what it is for has not got it.
 */
#ifndef HARNESS_BUILDER_FEATURES_H
#define HARNESS_BUILDER_FEATURES_H

#include <stdio.h>

#include "harness/builder/units.h"

/* An undefined symbol of that name in an object file; a file that can't be read refers to nothing. */
bool object_refers_to(const char *path, const char *symbol);
/* Puts the rows of the kernel's description (guest/abi/kernel.h). The units' objects are there. */
void features_put(const struct units *, const struct recipe *, const char *variant, FILE *out);

#endif
