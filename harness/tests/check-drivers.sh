#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Compiles every driver file, ours and those of other years, against the kernel's interface: with both compilers, and
# with DIAGNOSTIC, DEBUG and UVM_HOTPLUG on and off. No header of ours may cause a warning, and no file may fail.
#     check-drivers.sh FLAGS...    (the flags that `make` compiles drivers with, without the options)
status=0
for compiler in gcc clang; do
    for options in "" "-DDIAGNOSTIC" "-DDEBUG" "-DDIAGNOSTIC -DDEBUG"; do
        for hotplug in "" -DUVM_HOTPLUG; do
            for file in guest/netbsd/balloon.c guest/netbsd/uvm_physseg.c harness/tests/drivers/*/*.c; do
                said=$("$compiler" -std=gnu17 -ffreestanding -nostdinc \
                    -isystem "$("$compiler" -print-file-name=include)" "$@" $options $hotplug -Wall -Wextra \
                    -Wshadow -Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers -Werror \
                    -fsyntax-only "$file" 2>&1) && continue
                echo "$file with $compiler $options $hotplug:"
                echo "$said" | head -n 20
                status=1
            done
        done
    done
done

# When a name is missing in our headers, a line says where to add it, whichever the compiler is.
lacking=$(mktemp --suffix .c) || exit 1
trap 'rm -f "$lacking"' EXIT
cat >"$lacking" <<'END'
#include <uvm/uvm.h>
#include <xen/xenpmap.h>
int lacks(void);
int lacks(void)
{
	struct vm_page page = { .nothing = 1 };
	return uvm_nothing(XPMAP_NOTHING, page.phys_addr);
}
END
for compiler in gcc clang; do
    said=$(guest/compile-user.sh "$compiler" -std=gnu17 -ffreestanding -nostdinc -isystem \
        "$("$compiler" -print-file-name=include)" "$@" -Werror=implicit-function-declaration -fsyntax-only \
        "$lacking" 2>&1) && status=1
    for part in 'struct vm_page'\''s member nothing; if it is NetBSD'\''s, add it to guest/netbsd/kpi/uvm/uvm_page.h' \
        'uvm_nothing(); if it is NetBSD'\''s, declare it in guest/netbsd/kpi/uvm/uvm_extern.h' \
        'XPMAP_NOTHING; if it is NetBSD'\''s, add it to guest/netbsd/kpi/xen/xenpmap.h'; do
        case $said in *"$part"*) ;; *) echo "$compiler: not said: $part"; status=1 ;; esac
    done
done
exit $status
