package io.backstay.guard.internal;

import io.backstay.guard.internal.ProcessFacts.Held;
import java.util.ArrayList;
import java.util.List;

/// Does any process hold, map, run or stand in something of the place, deleted files included?
final class OpenFilesProbe implements Probe {
    private static final int NAMES_SHOWN = 6;

    @Override
    public String name() {
        return "open-files";
    }

    @Override
    public List<String> lifeAt(Place place, World world) throws CannotLookException {
        var life = new ArrayList<String>();
        for (ProcessFacts process : world.table().processes()) {
            var names = new ArrayList<String>();
            int deleted = 0;
            for (Held held : world.holdings(process, place)) {
                names.add(name(held));
                deleted += held.deleted() ? 1 : 0;
            }
            if (!names.isEmpty()) {
                life.add(
                        "%s holds %d things, %d of them deleted: %s%s"
                                .formatted(
                                        process.label(),
                                        names.size(),
                                        deleted,
                                        String.join(
                                                ", ",
                                                names.subList(
                                                        0, Math.min(NAMES_SHOWN, names.size()))),
                                        names.size() > NAMES_SHOWN ? ", ..." : ""));
            }
        }
        if (life.isEmpty()) {
            world.table().requireAllRead();
        }
        return life;
    }

    private static String name(Held held) {
        String file = held.text().substring(held.text().lastIndexOf('/') + 1);
        return switch (held.how()) {
            case OPEN -> file;
            case REGISTERED -> file + " (registered with an io_uring)";
            case MAPPED -> file + " (mapped)";
            case WORKING_DIRECTORY -> "working directory " + held.text();
            case ROOT -> "root " + held.text();
            case PROGRAM -> "program " + file;
        };
    }

    @Override
    public List<String> controls(World world) throws CannotLookException {
        return found(world, world.decoys().used());
    }

    @Override
    public String lookedAt(World world) {
        return world.table().lookedAt();
    }

    @Override
    public List<String> notSeen(World world) {
        return world.table().notSeen();
    }
}
