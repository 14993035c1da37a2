package io.backstay.node.agent;

import io.backstay.guard.HostView;
import io.backstay.guard.Target;
import io.backstay.mysql.ServerAddress;
import io.backstay.node.host.DatabaseHost;
import io.backstay.node.operation.CatchUp;
import io.backstay.node.operation.DestroyMark;
import io.backstay.node.operation.Drain;
import io.backstay.node.operation.Fence;
import io.backstay.node.operation.HealthCheck;
import io.backstay.node.operation.InstallServer;
import io.backstay.node.operation.Join;
import io.backstay.node.operation.LookFacts;
import io.backstay.node.operation.Promote;
import io.backstay.node.operation.PutBack;
import io.backstay.node.operation.Repoint;
import io.backstay.node.operation.RestoreData;
import io.backstay.node.operation.RunScript;
import io.backstay.node.operation.SetAside;
import io.backstay.node.operation.StartServer;
import io.backstay.node.operation.StopServer;
import io.backstay.node.operation.Thaw;
import io.backstay.node.operation.Undrain;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The operations of a host that holds a member of a cluster, by the names that a change file uses.
public final class DatabaseOperations {
    /// Drops what an upgrade set aside; the only destroying operation that peers' cover may clear.
    public static final String DROP_SET_ASIDE = "data.drop-set-aside";

    /// Wipes the data directory and lays the host down anew.
    public static final String REINSTALL = "host.reinstall";

    private DatabaseOperations() {}

    /// The account by which a host asks its peers whether they hold all of its data.
    public record Witness(String user, Path passwordFile) {}

    /// @param script the one that changes may run here
    /// @param fenceUndoAfter a source that was fenced takes writes again after this long, unless
    ///   that was cancelled
    public static Map<String, OperationSpec> all(Duration fenceUndoAfter, RunScript script) {
        return AgentConfig.byName(
                List.of(
                        OperationSpec.look("look.facts", new LookFacts()),
                        OperationSpec.step("script.run", script),
                        OperationSpec.step("traffic.drain", new Drain()),
                        OperationSpec.step("traffic.undrain", new Undrain()),
                        OperationSpec.step("mysql.stop", new StopServer()),
                        OperationSpec.step("mysql.start", new StartServer()),
                        OperationSpec.step("mysql.install", new InstallServer()),
                        OperationSpec.step("data.set-aside", new SetAside()),
                        OperationSpec.step("data.restore-from-archive", new RestoreData()),
                        OperationSpec.step("repl.join", new Join()),
                        OperationSpec.step("repl.catch-up", new CatchUp()),
                        OperationSpec.step("repl.promote", new Promote()),
                        OperationSpec.step("repl.repoint", new Repoint()),
                        OperationSpec.step("member.verify", new HealthCheck()),
                        OperationSpec.step("data.put-back", new PutBack()),
                        OperationSpec.undoable(
                                "mysql.fence",
                                new Fence(),
                                new OperationSpec.Undo("mysql.thaw", new Thaw(), fenceUndoAfter)),
                        OperationSpec.step("mysql.thaw", new Thaw())),
                OperationSpec::name);
    }

    /// @param reinstall what lays a host down anew
    /// @param survivorsMin peers that must each hold all data of a copy that goes
    /// @param disposable names of files that a reinstalled host holds and that may go unseen
    public static Map<String, GuardedSpec> guarded(
            GuardedSpec.Destroyer reinstall,
            Witness witness,
            int survivorsMin,
            Set<String> disposable) {
        return AgentConfig.byName(
                List.of(
                        new GuardedSpec(
                                REINSTALL,
                                Set.of(),
                                host -> List.of(Target.parse("path:" + host.folders().data())),
                                host -> view(host, disposable),
                                reinstall,
                                false),
                        new GuardedSpec(
                                DROP_SET_ASIDE,
                                Set.of(),
                                DatabaseOperations::setAside,
                                host ->
                                        view(host, disposable)
                                                .withCover(
                                                        host.cluster(),
                                                        peers(host, witness),
                                                        survivorsMin,
                                                        Set.of(DROP_SET_ASIDE)),
                                (host, held, _) -> {
                                    DestroyMark.destroy(held);
                                    host.folders().unmarkNew();
                                    return true;
                                },
                                true)),
                GuardedSpec::name);
    }

    private static List<Target> setAside(DatabaseHost host) {
        var folders = new ArrayList<Path>(host.folders().discarded());
        if (Files.exists(host.folders().aside())) {
            folders.add(host.folders().aside());
        }
        // what a killed agent left under a name of its guard's is looked at, too
        folders.addAll(host.folders().held());
        return folders.stream().map(folder -> Target.parse("path:" + folder)).toList();
    }

    private static HostView view(DatabaseHost host, Set<String> disposable) {
        return new HostView(
                Set.of(host.address()),
                host.cluster().isEmpty() ? Optional.empty() : Optional.of(host.server().address()),
                host.cluster(),
                List.of(),
                0,
                Set.of(),
                disposable,
                host.stateFolder());
    }

    private static List<HostView.Peer> peers(DatabaseHost host, Witness witness) {
        return host.members().stream()
                .map(
                        member ->
                                new HostView.Peer(
                                        member.name(),
                                        new ServerAddress(
                                                witness.user(),
                                                member.address(),
                                                member.port(),
                                                Optional.empty(),
                                                Optional.of(witness.passwordFile()))))
                .toList();
    }
}
