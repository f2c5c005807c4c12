# load-refused: a segment that went at boot keeps its place in the array.
s/		seg->ps_end = 0;/		;/
