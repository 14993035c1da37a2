package io.backstay.change.gate;

/// What was seen of one cluster just now, for the rules about what it has left.
///
/// @param healthy members that serve and apply, the one to be taken included
/// @param leases held by others on its members
/// @param openChanges changes under way on it, this one included
/// @param errantGtids transactions that a replica has and the source has not
/// @param source host that is its source, as its members say
/// @param expectedSource host that the plan, or the switchovers since, made it
/// @param versionFloorOk no member is older than its source
public record ClusterFacts(
        String name,
        long healthy,
        long leases,
        long openChanges,
        long errantGtids,
        String source,
        String expectedSource,
        boolean versionFloorOk) {}
