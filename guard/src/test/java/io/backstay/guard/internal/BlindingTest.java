package io.backstay.guard.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.guard.Finding;
import io.backstay.guard.internal.ProcessFacts.Held;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every probe, over an empty folder of this machine, with one sensor taken from it: it is blind,
/// never clear. With all of its sensors it calls the same folder clear. Runs as root.
class BlindingTest {
    private static final String ITS_CONTROLS = "its controls";
    private static Sight sight;

    /// One thing that a probe sees by, gone.
    ///
    /// @param says what the blind finding must name
    record Loss(String probe, String what, UnaryOperator<ProcessTable> without, String says) {
        @Override
        public String toString() {
            return probe + " without " + what;
        }
    }

    private static ProcessTable with(
            ProcessTable table,
            List<ProcessFacts> processes,
            Map<String, List<Mount>> mounts,
            List<Listener> listeners,
            List<String> unread) {
        return new ProcessTable(
                processes,
                mounts,
                table.mountsById(),
                table.ownMounts(),
                listeners,
                table.ownNetwork(),
                unread,
                table.excused());
    }

    private static ProcessTable facts(ProcessTable table, UnaryOperator<ProcessFacts> change) {
        return with(
                table,
                table.processes().stream().map(change).toList(),
                table.mounts(),
                table.listeners(),
                table.unread());
    }

    private static ProcessTable held(ProcessTable table, Function<Held, Boolean> kept) {
        return facts(
                table,
                p ->
                        new ProcessFacts(
                                p.pid(),
                                p.name(),
                                p.held().stream().filter(kept::apply).toList(),
                                p.sockets(),
                                p.args(),
                                p.networkNamespace(),
                                p.mountNamespace(),
                                p.unreadable()));
    }

    private static ProcessTable sockets(ProcessTable table, Function<Listener, Boolean> kept) {
        return with(
                table,
                table.processes(),
                table.mounts(),
                table.listeners().stream().filter(kept::apply).toList(),
                table.unread());
    }

    private static ProcessTable renamed(
            ProcessTable table,
            Function<Listener, String> namespace,
            Function<Listener, Long> inode) {
        return with(
                table,
                table.processes(),
                table.mounts(),
                table.listeners().stream()
                        .map(
                                l ->
                                        new Listener(
                                                namespace.apply(l),
                                                l.unix(),
                                                l.address(),
                                                l.port(),
                                                inode.apply(l)))
                        .toList(),
                table.unread());
    }

    private static ProcessTable otherSocketThere(ProcessTable table) {
        return renamed(
                table,
                Listener::namespace,
                l -> l.namespace().equals(table.ownNetwork()) ? l.inode() : -l.inode());
    }

    private static ProcessTable withoutArguments(ProcessTable table) {
        return facts(
                table,
                p ->
                        new ProcessFacts(
                                p.pid(),
                                p.name(),
                                p.held(),
                                p.sockets(),
                                List.of(),
                                p.networkNamespace(),
                                p.mountNamespace(),
                                p.unreadable()));
    }

    private static ProcessTable ownMountsOnly(ProcessTable table) {
        var mounts = new HashMap<>(table.mounts());
        mounts.values().removeIf(list -> !list.equals(table.ownMounts()));
        return with(table, table.processes(), mounts, table.listeners(), table.unread());
    }

    private static ProcessTable unread(ProcessTable table) {
        return with(
                table,
                table.processes(),
                table.mounts(),
                table.listeners(),
                List.of("process 7 (x) fd: permission denied"));
    }

    private static Loss controlOf(String probe, String says) {
        return new Loss(probe, ITS_CONTROLS, table -> table, says);
    }

    private static String goneBy(String probe) {
        return probe.equals("testimony")
                ? "did not find the process behind its own socket"
                : "does not exist";
    }

    static Stream<Loss> losses() {
        String no = "the probe failed its control: it did not find its decoy: ";
        var losses = new ArrayList<Loss>();
        for (String probe : List.of("open-files", "processes", "sockets", "mounts")) {
            losses.add(
                    new Loss(
                            probe,
                            "the right to read one process",
                            BlindingTest::unread,
                            "process 7 (x) fd: permission denied"));
        }
        losses.add(
                new Loss(
                        "open-files",
                        "the files that others hold",
                        t -> held(t, h -> !h.text().endsWith("open.ibd")),
                        no + "a file that another process has open"));
        losses.add(
                new Loss(
                        "open-files",
                        "deleted files",
                        t -> held(t, h -> !h.deleted()),
                        no + "a deleted file"));
        losses.add(
                new Loss(
                        "open-files",
                        "working directories",
                        t -> held(t, h -> h.how() != ProcessFacts.How.WORKING_DIRECTORY),
                        no + "another process's working directory"));
        losses.add(
                new Loss(
                        "open-files",
                        "mapped files",
                        t -> held(t, h -> h.how() != ProcessFacts.How.MAPPED),
                        no + "a mapped, closed file"));
        losses.add(
                new Loss(
                        "processes",
                        "arguments",
                        BlindingTest::withoutArguments,
                        no + "a process that names a data directory"));
        losses.add(
                new Loss(
                        "sockets",
                        "unix sockets",
                        t -> sockets(t, l -> !l.unix()),
                        no + "a unix socket without its file"));
        losses.add(
                new Loss(
                        "sockets",
                        "TCP sockets",
                        t -> sockets(t, Listener::unix),
                        no + "a listener on an address"));
        losses.add(
                new Loss(
                        "sockets",
                        "other network namespaces",
                        t -> sockets(t, l -> l.namespace().equals(t.ownNetwork())),
                        no + "a listener in another network namespace"));
        losses.add(
                new Loss(
                        "sockets",
                        "the one socket of another network namespace, others there",
                        BlindingTest::otherSocketThere,
                        no + "a listener in another network namespace"));
        losses.add(
                new Loss(
                        "sockets",
                        "the right namespace of a socket",
                        t -> renamed(t, l -> t.ownNetwork(), Listener::inode),
                        no + "a listener in another network namespace"));
        losses.add(
                new Loss(
                        "mounts",
                        "other mount namespaces",
                        BlindingTest::ownMountsOnly,
                        no + "a mount in another mount namespace"));
        for (Probe probe : Probes.all()) {
            if (!probe.name().equals("peers")) {
                losses.add(controlOf(probe.name(), goneBy(probe.name())));
            }
        }
        return losses.stream();
    }

    @BeforeAll
    static void look(@TempDir Path home) throws Exception {
        sight = new Sight(home);
    }

    @AfterAll
    static void close() {
        sight.close();
    }

    @ParameterizedTest
    @MethodSource("losses")
    void withoutOneSensorItIsBlindAndWithAllItIsClear(Loss loss) {
        require(loss, sight);
    }

    static void require(Loss loss, Sight sight) {
        Probe probe =
                Probes.all().stream()
                        .filter(p -> p.name().equals(loss.probe()))
                        .findFirst()
                        .orElseThrow();
        assertThat(probe.examine(sight.whole())).isInstanceOf(Finding.Clear.class);
        World blinded =
                loss.what().equals(ITS_CONTROLS)
                        ? sight.withoutControls()
                        : sight.with(loss.without());
        assertThat(probe.examine(blinded))
                .as(loss.toString())
                .isInstanceOfSatisfying(
                        Finding.Blind.class,
                        blind -> {
                            assertThat(blind.probe()).isEqualTo(loss.probe());
                            assertThat(blind.reason()).contains(loss.says());
                            assertThat(blind.remedy()).isNotEmpty();
                        });
    }

    /// Peers are judged by SQL, and are blinded in CoveredDropIT by their silence.
    @Test
    void everyProbeOfAFolderLosesSomething() {
        assertThat(losses().map(Loss::probe).distinct().toList())
                .containsExactlyInAnyOrderElementsOf(
                        Probes.all().stream()
                                .map(Probe::name)
                                .filter(name -> !name.equals("peers"))
                                .toList());
    }

    private static List<Mount> proc(String... more) {
        var lines =
                new StringBuilder("1 0 0:1 / / rw - ext4 x rw\n2 1 0:2 / /proc rw - proc x rw\n");
        for (int i = 0; i < more.length; i++) {
            lines.append("%d 2 0:9 / %s rw - tmpfs x rw\n".formatted(10 + i, more[i]));
        }
        return Mount.parse(lines.toString());
    }

    private static String blindBy(Check check) {
        try {
            check.run();
            return "";
        } catch (CannotLookException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private interface Check {
        void run() throws CannotLookException;
    }

    @Test
    void mountOnAProcesssFolderHidesIt() {
        for (String covered :
                List.of("/proc/1", "/proc/4711/fd", "/proc/self", "/proc/net", "/proc/swaps")) {
            assertThat(blindBy(() -> ProcessTable.requireNothingOver(proc(covered))))
                    .isEqualTo(covered + " is covered by a mount: what lies beneath is not seen");
        }
        for (String usual : List.of("/proc/sys/fs/binfmt_misc", "/proc/fs/nfsd", "/x/proc/1")) {
            assertThat(blindBy(() -> ProcessTable.requireNothingOver(proc(usual)))).isEmpty();
        }
    }
}
