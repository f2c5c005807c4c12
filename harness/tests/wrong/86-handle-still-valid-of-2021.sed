# of: harness/tests/drivers/2021/uvm_physseg.c
# on: limits/a-thousand-plugs
# wants: segments
# leads: uvm_physseg_valid_p
# Any handle that is no null pointer counts as valid, that of an unplugged segment too.
/^uvm_physseg_valid_p(/,/^}/s/return physseg_lookup(upm) != NULL;/return upm != UVM_PHYSSEG_TYPE_INVALID;/
