# SPDX-License-Identifier: BSD-2-Clause
s/GFP_BALLOON);/__GFP_HIGHMEM | __GFP_NOWARN);/
