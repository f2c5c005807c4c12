#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A name for a file or folder that make can take: it knows no blanks in names. A link to the folder stands in for it,
# so that what lies beside the file is found. Prints nothing when there is no such file, or its own name has a blank.
#     guest/without-blanks.sh PATH LINKS    (LINKS: a folder for the link)
[ -e "$1" ] || exit 0
if [ -d "$1" ]; then folder=$1 name=; else folder=$(dirname "$1") name=/$(basename "$1"); fi
case $name in *[[:blank:]]*) exit 0 ;; esac
folder=$(cd "$folder" && pwd) || exit 0
link=$2/$(printf '%s' "$folder" | cksum | cut -d' ' -f1)
mkdir -p "$2" && ln -sfn "$folder" "$link" && printf '%s\n' "$link$name"
