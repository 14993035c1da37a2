package io.backstay.guard.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Does a database run on this host, in whatever namespace and under whatever name?
final class DatabaseProcessesProbe implements Look<HostWorld> {
    @Override
    public String name() {
        return "processes";
    }

    @Override
    public List<String> life(HostWorld world) throws CannotLookException {
        var life = new ArrayList<String>();
        for (ProcessFacts process : world.table().processes()) {
            if (process.pid() != ProcessHandle.current().pid()) {
                said(process).ifPresent(life::add);
            }
        }
        if (life.isEmpty()) {
            world.table().requireAllRead();
        }
        return life;
    }

    /// By its program's or its own name for itself, or by a file that only a database has open.
    private static Optional<String> said(ProcessFacts process) {
        boolean isNamed =
                DataDirectory.isDatabase(process)
                        || (!process.args().isEmpty()
                                && DataDirectory.isDatabaseName(process.args().getFirst()));
        Optional<String> anchor =
                process.held().stream()
                        .map(ProcessFacts.Held::text)
                        .filter(DataDirectory::isAnchor)
                        .findFirst();
        return isNamed || anchor.isPresent()
                ? Optional.of(
                        process.label()
                                + " is a database"
                                + anchor.map(file -> ": it has " + file + " open").orElse(""))
                : Optional.empty();
    }

    @Override
    public List<String> controls(HostWorld world) throws CannotLookException {
        boolean found =
                world.table().processes().stream()
                        .filter(p -> p.pid() == ProcessHandle.current().pid())
                        .anyMatch(p -> said(p).isPresent());
        if (!found) {
            throw failed("did not find its decoy: a process with a database's file open");
        }
        return List.of("found a process with a database's file open");
    }

    @Override
    public String lookedAt(HostWorld world) {
        return world.table().lookedAt();
    }

    @Override
    public List<String> notSeen(HostWorld world) {
        return world.table().notSeen();
    }
}
