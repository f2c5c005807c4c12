# An unplug of pages that are in use says that it has taken them.
/if (physseg_page_busy/{n;s/false/true/;}
