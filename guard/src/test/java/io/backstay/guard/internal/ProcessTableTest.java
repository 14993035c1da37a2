package io.backstay.guard.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProcessTableTest {
    private static final int OWN = (int) ProcessHandle.current().pid();
    private static final int NOBODY = Integer.MAX_VALUE;

    @Test
    void aLivingProcessInWhoseNamespacesNobodyHasLookedIsUnread() {
        assertThat(ProcessTable.unlooked(List.of(process(OWN)), Set.of("mnt:[1]"), Set.of()))
                .containsExactly(
                        "process %d (own) its mounts or sockets: not readable".formatted(OWN));
        assertThat(ProcessTable.unlooked(List.of(process(OWN)), Set.of(), Set.of("net:[1]")))
                .hasSize(1);
    }

    @Test
    void aProcessWhoseNamespacesWereSeenThroughAnotherIsRead() {
        assertThat(
                        ProcessTable.unlooked(
                                List.of(process(OWN)), Set.of("mnt:[1]"), Set.of("net:[1]")))
                .isEmpty();
    }

    @Test
    void aProcessThatHasEndedHidesNothing() {
        assertThat(ProcessTable.unlooked(List.of(process(NOBODY)), Set.of(), Set.of())).isEmpty();
    }

    private static ProcessFacts process(int pid) {
        return new ProcessFacts(
                pid, "own", List.of(), Set.of(), List.of(), "net:[1]", "mnt:[1]", List.of());
    }
}
