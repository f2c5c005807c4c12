# of: guest/netbsd/balloon.c
# on: lifecycle/a-thousand-cycles
# wants: accounting
# leads: balloon_refill
# A little memory is allocated for each step and never freed.
s/^	pg = TAILQ_LAST(&sc->sc_pages, pglist);$/	(void)kmem_alloc(32, KM_SLEEP);\
	pg = TAILQ_LAST(\&sc->sc_pages, pglist);/
s/^#include <sys\/kthread.h>$/#include <sys\/kmem.h>\
&/
