# SPDX-License-Identifier: BSD-2-Clause
/if (credit <= 0)/{n;s/BP_WAIT/BP_ECANCELED/;}
