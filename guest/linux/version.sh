#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Says in one line which version of Linux a tree is: that of the Debian package whose tarball it was taken from, or its Makefile's
# with the commit that git knows it at, and a + when files of it are changed since.
#     guest/linux/version.sh TREE TARBALL        TARBALL: the tree itself, where it is none
set -eu
tree=$1 tarball=$2
[ -r "$tree/Makefile" ] && [ -r "$tree/drivers/xen/balloon.c" ] || {
	echo "$tarball: no source of Linux: it has no Makefile and drivers/xen/balloon.c" >&2
	exit 1
}
if [ "$tree" != "$tarball" ] && package=$(dpkg-query -S "$tarball" 2>/dev/null); then
	exec dpkg-query -W -f '${Version}\n' "${package%%:*}"
fi
version=$(sed -n '/^NAME/q; s/^VERSION = //p; s/^[A-Z]*LEVEL = /./p; s/^EXTRAVERSION = *//p' "$tree/Makefile" | tr -d '\n')
commit=$(git -C "$tree" rev-parse --short=12 HEAD 2>/dev/null) || commit=
[ "$tree" = "$tarball" ] && [ -e "$tree/.git" ] && [ -n "$commit" ] || commit=
[ -z "$commit" ] || git -C "$tree" diff --quiet HEAD -- 2>/dev/null || commit=$commit+
echo "$version${commit:+-g$commit}"
