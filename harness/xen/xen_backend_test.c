/* SPDX-License-Identifier: BSD-2-Clause */
/* Which kernels can run on the real Xen, before one is booted. */
#include "harness/xen/xen_backend.h"
#include "harness/image/kernels.h"

#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

Suite *xen_backend_suite(void);

START_TEST(kernels_with_an_image)
{
    char dom0[PATH_MAX];

    snprintf(dom0, sizeof dom0, "%s/pv/dom0.elf", image_folder());
    ck_assert(xen_backend_has_kernel("netbsd"));
    /* Where no images were linked at all, that is what is said, of any kernel, be there such a one or not. */
    ck_assert_int_eq(xen_backend_has_kernel("netbsd-none"), access(dom0, R_OK) != 0);
}
END_TEST

Suite *xen_backend_suite(void)
{
    Suite *suite = suite_create("xen_backend");
    TCase *tests = tcase_create("kernels");

    tcase_add_test(tests, kernels_with_an_image);
    suite_add_tcase(suite, tests);
    return suite;
}
