# SPDX-License-Identifier: BSD-2-Clause
/release_resource(resource);/d
