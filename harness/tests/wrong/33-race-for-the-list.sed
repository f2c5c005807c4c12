# of: harness/tests/drivers/2023/balloon.c
# on: tour/shrink-and-grow-back
# wants: guest-contained
# leads: xballoon_more
# The page is taken off the list twice: once here, once in the next step.
/^		TAILQ_REMOVE(&xb->xb_pages, pg, pageq.queue);$/d
