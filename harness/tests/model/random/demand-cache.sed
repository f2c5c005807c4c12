# A deliberate error in the model: a cache that is larger than there are entries stays so at a decrease. Random calls must find it.
# file: sim/domain/pod.c
# kind: demand
s/    if (map->cache_pages > map->pod_entries)/    if (map->cache_pages > 2 * map->pod_entries + 8)/
