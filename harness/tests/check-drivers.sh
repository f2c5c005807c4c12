#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Every driver file, ours and those of other years, against the kernel's interface: both compilers, with
# DIAGNOSTIC, DEBUG and UVM_HOTPLUG on and off. No header of ours may make a warning, and no file may fail.
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
exit $status
