# SPDX-License-Identifier: BSD-2-Clause
/target_pages = target;/{n;d;}
