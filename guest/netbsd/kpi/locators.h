/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Locators of the buses in this kernel's configuration, as config(1) would
 * write them: index into cf_loc, and the value that stands for "any".
 */
#ifndef _LOCATORS_H_
#define _LOCATORS_H_

#define XENBUSCF_NLOCS	    1
#define XENBUSCF_ID	    0
#define XENBUSCF_ID_DEFAULT (-1)

#endif /* !_LOCATORS_H_ */
