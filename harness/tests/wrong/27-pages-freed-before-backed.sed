# of: guest/netbsd/balloon.c
# on: tour/grow-past-boot
# wants: backed-before-use
# leads: balloon_plug
# Plug first, then bind: UVM may use a page before it has a frame.
/^	for (i = 0; i < got; i++)$/{
N
/balloon_bind(ptoa/d
}
