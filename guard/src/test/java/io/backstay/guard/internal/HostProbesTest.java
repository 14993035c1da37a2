package io.backstay.guard.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.guard.internal.ProcessFacts.How;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HostProbesTest {
    private static final int OWN = (int) ProcessHandle.current().pid();
    private final List<ProcessFacts> processes = new ArrayList<>();
    private final List<String> unread = new ArrayList<>();
    private String root = "ext4";

    private HostWorld world() {
        var table =
                new ProcessTable(
                        processes,
                        Map.of(),
                        Map.of(),
                        List.of(new Mount(1, 0, 1, "/", "/", root, "x", "")),
                        List.of(),
                        "n",
                        unread,
                        Optional.of("process 1"));
        return new HostWorld(null, table, List.of(), null, Long.MAX_VALUE);
    }

    private void process(int pid, List<String> args, ProcessFacts.Held... held) {
        processes.add(Sketch.process(pid, args, Set.of(), List.of(), held));
    }

    private List<String> databases() throws CannotLookException {
        return new DatabaseProcessesProbe().life(world());
    }

    @Test
    void databaseIsKnownByProgramOwnWordOrFile() throws Exception {
        process(5, List.of("sh"), Sketch.elsewhere(How.PROGRAM, "/bin/sh"));
        process(OWN, List.of("mariadbd"), Sketch.elsewhere(How.OPEN, "/x/ibdata1"));
        assertThat(databases()).isEmpty();
        process(6, List.of(), Sketch.elsewhere(How.PROGRAM, "/usr/sbin/mongod"));
        process(7, List.of("/opt/redis-server"));
        process(8, List.of("x"), Sketch.elsewhere(How.OPEN, "/x/ibdata1"));
        process(9, List.of("x", "mongod"));
        assertThat(databases())
                .containsExactly(
                        "process 6 (some) is a database",
                        "process 7 (some) is a database",
                        "process 8 (some) is a database: it has /x/ibdata1 open");
    }

    @Test
    void databaseProbeProvesItselfByItsOwnFile() throws Exception {
        var probe = new DatabaseProcessesProbe();
        process(OWN, List.of("java"));
        assertThatThrownBy(() -> probe.controls(world()))
                .hasMessageContaining("did not find its decoy");
        process(8, List.of("x"), Sketch.elsewhere(How.OPEN, "/x/ibdata1"));
        assertThatThrownBy(() -> probe.controls(world())).isInstanceOf(CannotLookException.class);
        process(OWN, List.of("java"), Sketch.elsewhere(How.OPEN, "/x/ibdata1"));
        assertThat(probe.controls(world()))
                .containsExactly("found a process with a database's file open");
        assertThat(probe.lookedAt(world())).startsWith("3 processes");
        assertThat(probe.notSeen(world())).hasSize(1);
        assertThat(probe.name()).isEqualTo("processes");
    }

    @Test
    void whatIsUnreadIsBlindUnlessSomethingLives() throws Exception {
        unread.add("process 7 fd: permission denied");
        assertThatThrownBy(this::databases).hasMessageContaining("process 7 fd");
        assertThatThrownBy(() -> new HostIdentityProbe().life(world()))
                .hasMessageContaining("process 7 fd");
        process(6, List.of("mongod"));
        assertThat(databases()).hasSize(1);
    }

    @Test
    void hostIsNoContainerAndSeesItself() throws Exception {
        var probe = new HostIdentityProbe();
        assertThat(probe.life(world())).isEmpty();
        root = "overlay";
        assertThatThrownBy(() -> probe.life(world()))
                .hasMessage("the root is an overlay, as a container's is: the host is not seen");
        process(5, List.of("x"));
        assertThatThrownBy(() -> probe.controls(world()))
                .hasMessageContaining("did not find its own process");
        process(OWN, List.of("x"));
        assertThat(probe.controls(world())).hasSize(1);
        assertThat(probe.name()).isEqualTo("target");
        assertThat(probe.lookedAt(world())).startsWith("boot ").contains("2 processes");
        assertThat(probe.notSeen(world())).hasSize(1);
    }
}
