# overlap: a segment that begins in front of another one may reach into it.
s/return seg != NULL && seg->ps_start < end;/return seg != NULL \&\& seg->ps_start <= start;/
