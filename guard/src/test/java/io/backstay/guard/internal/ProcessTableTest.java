package io.backstay.guard.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ProcessTableTest {
    private static final int OWN = (int) ProcessHandle.current().pid();
    private static final int NOBODY = Integer.MAX_VALUE;

    @Test
    void aLivingProcessInWhoseNamespacesNobodyHasLookedIsUnread() {
        assertThat(unlooked(OWN, Set.of("mnt:[1]"), Set.of()))
                .containsExactly(
                        "process %d (own) its mounts or sockets: not readable".formatted(OWN));
        assertThat(unlooked(OWN, Set.of(), Set.of("net:[1]"))).hasSize(1);
    }

    @Test
    void aProcessWhoseNamespacesWereSeenThroughAnotherIsRead() {
        assertThat(unlooked(OWN, Set.of("mnt:[1]"), Set.of("net:[1]"))).isEmpty();
    }

    @Test
    void aProcessThatHasEndedHidesNothing() {
        assertThat(unlooked(NOBODY, Set.of(), Set.of())).isEmpty();
    }

    @Test
    void aProcessThatEndedBeforeItsNamespacesWereSeenIsLost() {
        SeenNamespaces none = seen(Set.of(), Set.of());
        assertThat(none.isLost(List.of(process(OWN)))).isFalse();
        assertThat(none.isLost(List.of(process(OWN), process(NOBODY)))).isTrue();
        assertThat(seen(Set.of("mnt:[1]"), Set.of("net:[1]")).isLost(List.of(process(NOBODY))))
                .isFalse();
    }

    @Test
    void aListenerHasTheNameOfItsNamespaceWhereThatIsKnown() {
        for (int unnamed = 1; unnamed < 20; unnamed++) {
            var seen =
                    new SeenNamespaces(
                            Map.of(),
                            Map.of(
                                    "?" + unnamed,
                                    List.of(listener("?" + unnamed)),
                                    "net:[1]",
                                    List.of(listener("net:[1]"))));
            assertThat(seen.listeners()).extracting(Listener::namespace).containsExactly("net:[1]");
        }
    }

    private static Listener listener(String namespace) {
        return new Listener(namespace, false, "127.0.0.1", 3306, 77);
    }

    private static List<String> unlooked(int pid, Set<String> mounts, Set<String> networks) {
        return ProcessTable.unlooked(
                List.of(process(pid)), seen(mounts, networks), System.nanoTime());
    }

    private static SeenNamespaces seen(Set<String> mounts, Set<String> networks) {
        return new SeenNamespaces(
                mounts.stream().collect(Collectors.toMap(name -> name, _ -> List.of())),
                networks.stream().collect(Collectors.toMap(name -> name, _ -> List.of())));
    }

    private static ProcessFacts process(int pid) {
        return new ProcessFacts(
                pid, "own", List.of(), Set.of(), List.of(), "net:[1]", "mnt:[1]", List.of());
    }
}
