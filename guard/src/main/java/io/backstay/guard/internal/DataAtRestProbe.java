package io.backstay.guard.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Does anything lie here that is not known to be disposable? A stopped server is not an empty
/// host.
///
/// Disposable are folders, and the file names of the host's own list unless their content is
/// recognised. All else is data, whether it is recognised or not.
final class DataAtRestProbe implements Probe {
    private static final int NAMES_SHOWN = 8;

    @Override
    public String name() {
        return "data-at-rest";
    }

    @Override
    public List<String> lifeAt(Place place, World world) throws CannotLookException {
        var recognised = new ArrayList<String>();
        var unknown = new ArrayList<String>();
        var linked = new ArrayList<String>();
        Set<String> disposable = world.request().view().disposable();
        for (Tree.Entry entry : place.tree().entries()) {
            switch (entry.kind()) {
                case FOLDER -> {
                    if (entry.name().equals("#innodb_redo")) {
                        recognised.add(entry.relative());
                    }
                }
                case FILE -> {
                    if (entry.linkCount() > 1) {
                        linked.add(entry.relative() + " has " + entry.linkCount() + " names");
                    } else if (DataDirectory.isSignature(entry.name())) {
                        recognised.add(entry.relative());
                    } else if (!disposable.contains(entry.name())) {
                        unknown.add(entry.relative());
                    } else {
                        for (String what : UnknownNames.recognised(entry)) {
                            recognised.add("%s, which holds %s".formatted(entry.relative(), what));
                        }
                    }
                }
                case LINK -> linked.add(entry.relative() + " is a symbolic link");
                case SOCKET -> unknown.add(entry.relative() + " (a socket)");
                case OTHER -> unknown.add(entry.relative() + " (a device or pipe)");
                case MOUNTED -> unknown.add(entry.relative() + " (another file system)");
            }
        }
        var life = new ArrayList<String>();
        say("data", recognised, life);
        say("not known to be disposable", unknown, life);
        say("reaches out of the folder", linked, life);
        return life;
    }

    private static void say(String what, List<String> names, List<String> life) {
        if (!names.isEmpty()) {
            int shown = Math.min(NAMES_SHOWN, names.size());
            life.add(
                    "%s: %s%s"
                            .formatted(
                                    what,
                                    String.join(", ", names.subList(0, shown)),
                                    names.size() > shown
                                            ? " and %d more".formatted(names.size() - shown)
                                            : ""));
        }
    }

    @Override
    public List<String> controls(World world) throws CannotLookException {
        return found(world, world.decoys().atRest());
    }

    @Override
    public String lookedAt(World world) {
        return "%d entries".formatted(world.target().tree().entries().size());
    }
}
