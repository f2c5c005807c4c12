#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Is this file an image that the real Xen will load, and does nothing of a libc hang on it?
# usage: check-link.sh IMAGE...
set -eu

complain() {
	echo "$image: $*" >&2
	exit 1
}

for image in "$@"; do
	[ -r "$image" ] || complain "not there; build it with 'make pv'"
	undefined=$(nm -u "$image")
	[ -z "$undefined" ] || complain "undefined:" $undefined
	notes=$(readelf -n "$image" 2>/dev/null)
	# As readelf calls entry, hypercall page, virtual base, version and loader of public/elfnote.h when it reads them.
	for type in NT_VERSION NT_ARCH 0x00000003 0x00000005 0x00000008; do
		case $notes in *"$type"*) ;; *) complain "has no Xen note of type $type" ;; esac
	done
	page=$(nm "$image" | sed -n 's/^\([0-9a-f]*\) . pv_hypercall_page$/\1/p')
	case $page in *000) ;; *) complain "hypercall page at $page is not aligned to 4 KiB" ;; esac
	loads=$(readelf -lW "$image" | grep -c '^  LOAD')
	[ "$loads" = 1 ] || complain "$loads PT_LOAD segments where Xen's builder wants 1"
	for name in __libc_start_main __errno_location __stack_chk_fail _IO_stdin_used stdout environ; do
		if nm "$image" | grep -q " [TtWw] $name\$"; then complain "carries $name, which only a libc has"; fi
	done
done
