#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Which file includes which: reads names of files and prints, for each header of a room that one of them includes,
#     include FILE HEADER HEADER
# in the shape of calls.awk's lines. A kernel's own names (<sys/param.h>) are no room's.
xargs grep -H -E '^[[:blank:]]*#[[:blank:]]*include[[:blank:]]*["<](sim|harness|reports|guest)/' |
    sed 's/^\([^:]*\):[^"<]*["<]\([^">]*\)[">].*/include \1 \2 \2/'
