package io.backstay.cli.drill;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// What a drill was asked for.
///
/// @param rows of mock data a cluster
/// @param rowEvents that the log given to act 4 holds at least
/// @param bugs names of the buggy scripts that act 2 plays
public record DrillOptions(
        int rows,
        int clusters,
        long seed,
        int rowEvents,
        SortedSet<Integer> acts,
        List<String> bugs,
        int port) {
    public static final int SPARES = 2;

    public DrillOptions {
        acts = new TreeSet<>(acts);
        bugs = List.copyOf(bugs);
    }
}
