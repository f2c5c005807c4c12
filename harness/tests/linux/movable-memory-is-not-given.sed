# SPDX-License-Identifier: BSD-2-Clause
s/GFP_BALLOON);/GFP_BALLOON | __GFP_MOVABLE);/
