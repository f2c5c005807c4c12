/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spl(9): interrupt priority levels.
 */
#ifndef _SYS_INTR_H_
#define _SYS_INTR_H_

#define IPL_NONE       0
#define IPL_SOFTCLOCK  1
#define IPL_SOFTBIO    2
#define IPL_SOFTNET    3
#define IPL_SOFTSERIAL 4
#define IPL_VM	       6
#define IPL_BIO	       IPL_VM
#define IPL_NET	       IPL_VM
#define IPL_TTY	       IPL_VM
#define IPL_SCHED      7
#define IPL_CLOCK      IPL_SCHED
#define IPL_SERIAL     IPL_SCHED
#define IPL_HIGH       8
#define NIPL	       9

typedef int ipl_t;

#ifdef _KERNEL
/* Each raises the level and returns what it was; splx puts it back. */
int splraiseipl(int);
void splx(int);
int spl0(void);
#define splsoftclock()	splraiseipl(IPL_SOFTCLOCK)
#define splsoftbio()	splraiseipl(IPL_SOFTBIO)
#define splsoftnet()	splraiseipl(IPL_SOFTNET)
#define splsoftserial() splraiseipl(IPL_SOFTSERIAL)
#define splbio()	splraiseipl(IPL_VM)
#define splnet()	splraiseipl(IPL_VM)
#define spltty()	splraiseipl(IPL_VM)
#define splvm()		splraiseipl(IPL_VM)
#define splsched()	splraiseipl(IPL_SCHED)
#define splclock()	splraiseipl(IPL_SCHED)
#define splserial()	splraiseipl(IPL_SCHED)
#define splhigh()	splraiseipl(IPL_HIGH)
#endif

#endif /* !_SYS_INTR_H_ */
