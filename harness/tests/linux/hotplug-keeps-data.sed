# SPDX-License-Identifier: BSD-2-Clause
s/&page, &frame_list\[i\]/\&page, \&frame_list[0]/
