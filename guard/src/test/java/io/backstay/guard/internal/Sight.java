package io.backstay.guard.internal;

import io.backstay.guard.GuardRequest;
import io.backstay.guard.HostView;
import io.backstay.guard.Target;
import io.backstay.mysql.ServerAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/// An empty folder of this machine with everything the guard sees by, and the same with one thing
/// gone. Runs as root.
final class Sight implements AutoCloseable {
    private final GuardRequest request;
    private final Place place;
    private final Decoys decoys;
    private final Decoys gone;
    private final ProcessTable table;

    Sight(Path home) throws Exception {
        Path root = home.toRealPath();
        Path data = Files.createDirectories(root.resolve("data"));
        Path state = Files.createDirectories(root.resolve("state"));
        var server =
                new ServerAddress(
                        "root", "", 0, Optional.of(root.resolve("no.sock")), Optional.empty());
        request =
                new GuardRequest(
                        "wipe",
                        new Target.PathTarget(data),
                        HostView.unconfigured(state).withServer(server));
        Tree tree = Tree.walk(data);
        decoys = Decoys.plant(state, data, tree.device(), List.of());
        gone = Decoys.plant(state, data, tree.device(), List.of());
        table = ProcessTable.read();
        decoys.sawMounts(table.ownMounts());
        gone.sawMounts(table.ownMounts());
        gone.close();
        place = Place.of(tree, table.ownMounts(), Set.of());
    }

    World whole() {
        return world(table, decoys);
    }

    World withoutControls() {
        return world(table, gone);
    }

    World with(UnaryOperator<ProcessTable> change) {
        return world(change.apply(table), decoys);
    }

    private World world(ProcessTable seen, Decoys controls) {
        return new World(request, place, Optional.empty(), seen, controls, Map.of(), Map.of());
    }

    @Override
    public void close() {
        decoys.close();
    }
}
