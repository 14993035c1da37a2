package io.backstay.guard.retire;

import java.util.List;
import java.util.Map;

/// How everything was before a retirement changed anything: what its undo needs.
///
/// @param isReadOnly `read_only` of the server
/// @param replicating names of the connections to sources that ran; empty text is the default one
/// @param start how to start the server again
/// @param survivors identity of each peer, by name
public record Before(
        long serverId,
        boolean isReadOnly,
        List<String> replicating,
        StartCommand start,
        Map<String, String> survivors) {
    public Before {
        replicating = List.copyOf(replicating);
        survivors = Map.copyOf(survivors);
    }
}
