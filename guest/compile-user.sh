#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Compiles or links a user's file: the compiler's own words first, then, for each name that the kernel's
# interface lacks, one line saying which it is and where it would go.
#     guest/compile-user.sh COMPILER ARGUMENT...
messages=$(mktemp) || exit 1
trap 'rm -f "$messages"' EXIT

LC_ALL=C "$@" 2>"$messages"
status=$?
cat "$messages" >&2
[ $status -eq 0 ] && exit 0

kpi=guest/netbsd/kpi
# The header that a name belongs in, by how NetBSD's names begin.
header() {
    case $1 in
    uvm_physseg*|uvm_page_phys*) echo uvm/uvm_physseg.h ;;
    PG_*|PQ_*|vm_page*|uvm_page_*) echo uvm/uvm_page.h ;;
    uvmpdpol_*) echo uvm/uvm_pdpolicy.h ;;
    uvm*|UVM_*) echo uvm/uvm_extern.h ;;
    pmap_*) echo machine/pmap.h ;;
    mutex_*|kmutex*) echo sys/mutex.h ;;
    rw_*) echo sys/rwlock.h ;;
    cv_*|kcondvar*) echo sys/condvar.h ;;
    kmem_*|KM_*) echo sys/kmem.h ;;
    pool_*|PR_*) echo sys/pool.h ;;
    extent_*|EX_*) echo sys/extent.h ;;
    rb_*|RB_*) echo sys/rbtree.h ;;
    SLIST_*|LIST_*|TAILQ_*|STAILQ_*|SIMPLEQ_*) echo sys/queue.h ;;
    sysctl*|CTL*|SYSCTL*) echo sys/sysctl.h ;;
    callout_*) echo sys/callout.h ;;
    kthread_*|KTHREAD_*) echo sys/kthread.h ;;
    atomic_*|membar_*) echo sys/atomic.h ;;
    aprint_*|device_printf) echo sys/systm.h ;;
    device_*|pmf_*|config_*|CFATTACH*|CFARGS*|DV*) echo sys/device.h ;;
    log|LOG_*) echo sys/syslog.h ;;
    kpause|tsleep|mtsleep|wakeup) echo sys/proc.h ;;
    hz|cold) echo sys/kernel.h ;;
    mem*|str*|K*ASSERT*) echo lib/libkern/libkern.h ;;
    XENBUSCF_*|*CF_*) echo locators.h ;;
    VM_PSTRAT_*) echo uvm/uvm_physseg.h ;;
    xenbus*|XENBUS*) echo xen/xenbus.h ;;
    HYPERVISOR_*) echo machine/hypercalls.h ;;
    xpmap_*|xpq_*|XPMAP*|*_P2M_*) echo xen/xenpmap.h ;;
    XEN*|xen*|hypervisor_*) echo xen/hypervisor.h ;;
    IPL_*|spl*) echo sys/intr.h ;;
    VM_*|PAGE_*) echo machine/vmparam.h ;;
    E[A-Z]*) echo sys/errno.h ;;
    *) echo sys/systm.h ;;
    esac
}

sed -n \
    -e "s/.*error: \([^ ]*\): No such file or directory.*/header \1/p" \
    -e "s/.*'\([^' ]*\)' file not found.*/header \1/p" \
    -e "s/.*implicit declaration of function '\([^']*\)'.*/function \1/p" \
    -e "s/.*call to undeclared [a-z ]*function '\([^']*\)'.*/function \1/p" \
    -e "s/.*error: '\([^']*\)' undeclared.*/name \1/p" \
    -e "s/.*use of undeclared identifier '\([^']*\)'.*/name \1/p" \
    -e "s/.*unknown type name '\([^']*\)'.*/type \1/p" \
    -e "s/.*storage size of .*/type (a struct that is only named)/p" \
    -e "s/.*error: '\(struct [^']*\)' has no member named '\([^']*\)'.*/member \2 \1/p" \
    -e "s/.*field designator '\([^']*\)' does not refer to any field in type '\(struct [^']*\)'.*/member \1 \2/p" \
    -e "s/.*no member named '\([^']*\)' in '\(struct [^']*\)'.*/member \1 \2/p" \
    -e "s/.*undefined reference to [\`']\([^']*\)'.*/symbol \1/p" \
    -e "s/.*undefined symbol: \([^ ]*\).*/symbol \1/p" \
    "$messages" | awk '!seen[$0]++' | while read -r kind name where; do
    at=$kpi/$(header "$name")
    case $kind in
    header)   what="a header <$name>"; at=$kpi/$name ;;
    function) what="the function $name()"; at="declare it in $at, define it under guest/netbsd/kern/, list it in guest/netbsd/names" ;;
    name)     what="the name $name" ;;
    type)     what="the type $name" ;;
    member)   what="$where's member $name"
              file=$(grep -rlE "^${where}( |\$)" $kpi | head -n 1); at=${file:-/usr/include/xen (Xen\'s own)} ;;
    symbol)   what="a definition of $name"; at="guest/netbsd/kern/, and its name to guest/netbsd/names" ;;
    esac
    case $at in declare*) ;; *) at="add it to $at" ;; esac
    echo "ballast: the kernel's interface lacks $what; if it is NetBSD's, $at" >&2
done
exit $status
