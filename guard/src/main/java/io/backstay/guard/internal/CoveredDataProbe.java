package io.backstay.guard.internal;

import io.backstay.binlog.MariaDbGtidState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Is all that lies here one cleanly stopped server's own, ending where it ended when it was
/// fenced? Only then can peers hold all of it.
final class CoveredDataProbe implements Probe {
    private static final int NAMES_SHOWN = 8;

    @Override
    public String name() {
        return "covered-data";
    }

    @Override
    public List<String> lifeAt(Place place, World world) throws CannotLookException {
        var life = new ArrayList<String>();
        for (Tree.Entry entry : place.tree().entries()) {
            switch (entry.kind()) {
                case FOLDER -> {
                    continue;
                }
                case FILE -> {
                    if (entry.linkCount() > 1) {
                        life.add(entry.relative() + " has " + entry.linkCount() + " names");
                    }
                }
                case LINK, SOCKET, OTHER, MOUNTED ->
                        life.add(entry.relative() + " is a link, socket, device or mount");
            }
        }
        if (place.tree().files().isEmpty()) {
            return life;
        }
        StoppedServer server = StoppedServer.read(place.tree());
        Set<String> disposable = world.request().view().disposable();
        List<String> foreign =
                server.foreignFiles().stream()
                        .filter(name -> !disposable.contains(name))
                        .limit(NAMES_SHOWN)
                        .toList();
        if (!foreign.isEmpty()) {
            life.add("not the server's own, so no peer has it: " + String.join(", ", foreign));
        }
        life.addAll(server.unclean());
        if (life.isEmpty()) {
            end(server, world).ifPresent(life::add);
        }
        return life;
    }

    private static java.util.Optional<String> end(StoppedServer server, World world)
            throws CannotLookException {
        MariaDbGtidState end =
                server.end()
                        .orElseThrow(
                                () ->
                                        new CannotLookException(
                                                "there is no binary log, so nothing says what"
                                                        + " was executed here",
                                                "compare the content by hand"));
        MariaDbGtidState fenced =
                world.request()
                        .fencedEnd()
                        .orElseThrow(
                                () ->
                                        new CannotLookException(
                                                "no end was noted while the server was fenced",
                                                "fence it, note gtid_binlog_state, stop it"));
        return end.equals(fenced)
                ? java.util.Optional.empty()
                : java.util.Optional.of(
                        "the log ends at %s, but ended at %s when it was fenced"
                                .formatted(end, fenced));
    }

    @Override
    public List<String> controls(World world) throws CannotLookException {
        return found(world, world.decoys().notAServersOwn());
    }

    @Override
    public String lookedAt(World world) {
        return "%d files of one stopped server, log closed and ending at %s"
                .formatted(
                        world.target().tree().files().size(),
                        world.request().fencedEnd().map(Object::toString).orElse("nothing"));
    }
}
