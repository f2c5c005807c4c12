# SPDX-License-Identifier: BSD-2-Clause
s/add_memory_resource(nid, resource, MHP_MERGE_RESOURCE)/add_memory_resource(nid, resource, MHP_MERGE_RESOURCE | MHP_MEMMAP_ON_MEMORY)/
