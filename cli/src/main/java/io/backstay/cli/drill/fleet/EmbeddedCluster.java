package io.backstay.cli.drill.fleet;

import io.backstay.lab.Accounts;
import io.backstay.lab.SwitchableAddress;
import java.nio.file.Path;
import java.util.List;

/// One cluster of the embedded fleet: its members, and the one address that follows the source.
///
/// @param members in the order of their names
/// @param address the address its clients use
/// @param door what listens there
public record EmbeddedCluster(
        String name,
        List<EmbeddedHost> members,
        String address,
        SwitchableAddress door,
        Path archive,
        Accounts accounts) {
    public EmbeddedCluster {
        members = List.copyOf(members);
    }

    public EmbeddedHost member(String memberName) {
        return members.stream()
                .filter(member -> member.name().equals(memberName))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        memberName + " is no member of " + name));
    }

    /// Lets the cluster's address follow a member.
    public void pointTo(EmbeddedHost member) {
        door.pointTo(member.place().address(), member.place().port());
    }
}
