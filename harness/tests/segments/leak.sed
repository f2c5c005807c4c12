# leak: the struct vm_pages of a plug are not freed with the last of them.
/^	if (owner->pp_live == 0)$/,+1d
