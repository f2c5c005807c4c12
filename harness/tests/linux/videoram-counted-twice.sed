# SPDX-License-Identifier: BSD-2-Clause
s/: get_num_physpages();/: get_num_physpages() - 1;/
