#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Compiles every driver file, ours and those of other years, against the kernel's interface: with both compilers, and
# with DIAGNOSTIC, DEBUG and UVM_HOTPLUG on and off. No header of ours may cause a warning, and no file may fail. The
# other options are tried with one compiler and UVM_HOTPLUG on; with ALL=1 each with both compilers, and on and off.
#     check-drivers.sh FLAGS...    (the flags that `make` compiles drivers with, without the options)
status=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
files="guest/netbsd/balloon.c guest/netbsd/uvm_physseg.c $(for file in harness/tests/drivers/*/*.c harness/tests/styles/*.c; do
    harness/tests/amended.sh "$file" "$work"; done)"

compiled() { # COMPILER FILE FLAGS...: what the compiler says, and its status
    with=$1 what=$2
    shift 2
    "$with" -std=gnu17 -ffreestanding -nostdinc -isystem "$("$with" -print-file-name=include)" "$@" -Wall -Wextra \
        -Wshadow -Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers -Werror -fsyntax-only "$what" 2>&1
}
all_files() { # COMPILER OPTIONS FLAGS...
    by=$1 options=$2
    shift 2
    for file in $files; do
        said=$(compiled "$by" "$file" "$@" $options) && continue
        echo "$file with $by $options:"
        echo "$said" | head -n 20
        status=1
    done
}

for compiler in gcc clang; do
    for options in "" "-DDIAGNOSTIC" "-DDEBUG" "-DDIAGNOSTIC -DDEBUG"; do
        for hotplug in "" -DUVM_HOTPLUG; do
            all_files $compiler "$options $hotplug" "$@"
        done
    done
done
compilers=gcc hotplugs=-DUVM_HOTPLUG
[ -z "$ALL" ] || compilers="gcc clang" hotplugs="-DUVM_HOTPLUG -UUVM_HOTPLUG"
for compiler in $compilers; do
    for options in -DVM_PHYSSEG_MAX=1 -DVM_PHYSSEG_STRAT=VM_PSTRAT_BIGFIRST -DVM_PHYSSEG_STRAT=VM_PSTRAT_RANDOM \
        "-D__HAVE_PMAP_PHYSSEG -D__HAVE_VM_PAGE_MD" -DUVM_PHYSSEG_LEGACY; do
        for hotplug in $hotplugs; do
            all_files $compiler "$options $hotplug" "$@"
        done
    done
done

# A file with changes to it is one that can't be compiled without.
for changes in harness/tests/drivers/*/*.sed; do
    compiled gcc "${changes%.sed}.c" "$@" >/dev/null && { echo "${changes%.sed}.c compiles as it is: away with $changes"; status=1; }
done

# When a name is missing in our headers, a line says where to add it, whichever the compiler is.
lacking=$work/lacking.c
cat >"$lacking" <<'END'
#include <uvm/uvm.h>
#include <xen/xenpmap.h>
int lacks(void);
int lacks(void)
{
	struct vm_page page = { .nothing = 1 };
	config_nothing(XENBUSCF_NOTHING);
	return uvm_nothing(XPMAP_NOTHING, page.phys_addr);
}
END
for compiler in gcc clang; do
    said=$(guest/compile-user.sh "$compiler" -std=gnu17 -ffreestanding -nostdinc -isystem \
        "$("$compiler" -print-file-name=include)" "$@" -Werror=implicit-function-declaration -fsyntax-only \
        "$lacking" 2>&1) && status=1
    for part in 'struct vm_page'\''s member nothing; if it is NetBSD'\''s, add it to guest/netbsd/kpi/uvm/uvm_page.h' \
        'uvm_nothing(); if it is NetBSD'\''s, declare it in guest/netbsd/kpi/uvm/uvm_extern.h' \
        'config_nothing(); if it is NetBSD'\''s, declare it in guest/netbsd/kpi/sys/device.h' \
        'XENBUSCF_NOTHING; if it is NetBSD'\''s, add it to guest/netbsd/kpi/locators.h' \
        'XPMAP_NOTHING; if it is NetBSD'\''s, add it to guest/netbsd/kpi/xen/xenpmap.h'; do
        case $said in *"$part"*) ;; *) echo "$compiler: not said: $part"; status=1 ;; esac
    done
done
exit $status
