package io.backstay.cli.drill.fleet;

import java.nio.file.Path;

/// How large a fleet is and where it lies.
///
/// @param prefix of its host names: empty for the live fleet, `twin-` for its twin
/// @param subnet second number of its addresses: 127.SUBNET.CLUSTER.MEMBER
/// @param rows of mock data a cluster
public record FleetShape(
        String prefix,
        int subnet,
        int port,
        int clusters,
        int spares,
        int rows,
        long seed,
        String version,
        Path folder) {
    public static final int MEMBERS = 3;

    String cluster(int number) {
        return prefix + "c" + number;
    }

    /// Members are a, b, c; a is the first source.
    String member(int cluster, int number) {
        return cluster(cluster) + "-" + (char) ('a' + number - 1);
    }

    String spare(int number) {
        return prefix + "s" + number;
    }

    String address(int cluster, int member) {
        return "127." + subnet + "." + cluster + "." + member;
    }

    /// The one address of a cluster that its clients use.
    String door(int cluster) {
        return "127." + subnet + "." + cluster + ".100";
    }

    String spareAddress(int number) {
        return "127." + subnet + ".200." + number;
    }
}
