package io.backstay.node.host;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.nio.file.Path;
import java.util.List;

/// One host that holds a member of a cluster, or nothing yet.
///
/// @param cluster empty for a spare host
/// @param members the other members of its cluster
/// @param archive of its cluster; a data directory is restored from there
/// @param stateFolder the agent's own, outside every target
public record DatabaseHost(
        String name,
        String cluster,
        String address,
        int port,
        HostFolders folders,
        Path stateFolder,
        ServerControl server,
        List<Member> members,
        Account replication,
        Path archive) {
    public DatabaseHost {
        members = List.copyOf(members);
    }

    /// The cluster's member with this name. A request names members; where they are is this host's
    /// own knowledge.
    public Member requireMember(String memberName) {
        return members.stream()
                .filter(member -> member.name().equals(memberName))
                .findFirst()
                .orElseThrow(
                        () ->
                                new Problem(
                                        ErrorCode.REFUSED,
                                        "cannot follow %s: expected a member of cluster %s that %s has in its configuration, found %s"
                                                .formatted(memberName, cluster, name, members),
                                        "add the member to the agent's configuration, or correct the plan."));
    }
}
