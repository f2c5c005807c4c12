# of: guest/netbsd/balloon.c
# on: tour/p2m-ends limits/p2m-ends-in-a-batch
# wants: p2m-bounds
# leads: balloon_grow
# Plugging goes on behind the end of the P2M.
s/^	return p2m_end > pa_end ? p2m_end - pa_end : 0;$/	return p2m_end > 0 || pa_end > 0 ? 1 << 20 : 0;/
