package io.backstay.guard.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SurvivorTest {
    private static final Survivor SOURCE = new Survivor("a", 1, "one", true, List.of());
    private static final Survivor REPLICA = new Survivor("b", 2, "two", false, List.of(1L));

    private static List<String> against(Survivor... survivors) {
        return Survivor.against(List.of(survivors), 9, Map.of());
    }

    @Test
    void sourceThatTakesWritesAndItsReplicaCanGoOnAlone() {
        assertThat(against(SOURCE, REPLICA)).isEmpty();
        assertThat(Survivor.against(List.of(SOURCE, REPLICA), 9, Map.of("a", "one", "b", "two")))
                .isEmpty();
    }

    @Test
    void replicaAloneCannot() {
        assertThat(against(REPLICA))
                .containsExactly("no peer is a source that takes writes: expected one, found none");
    }

    @Test
    void replicaThatTakesWritesIsNoSource() {
        assertThat(against(new Survivor("b", 2, "two", true, List.of(1L))))
                .containsExactly("no peer is a source that takes writes: expected one, found none");
    }

    @Test
    void whoFollowsNobodyAndTakesNoWritesIsNoMember() {
        assertThat(against(SOURCE, new Survivor("c", 3, "three", false, List.of())))
                .containsExactly("c follows nobody and takes no writes");
    }

    @Test
    void whoFollowsWhatGoesMustFollowAnotherFirst() {
        assertThat(against(SOURCE, new Survivor("c", 3, "three", false, List.of(9L))))
                .containsExactly("c follows this server: let it follow another one first");
    }

    @Test
    void whatGoesIsNoSurvivor() {
        assertThat(against(SOURCE, new Survivor("c", 9, "nine", false, List.of(1L))))
                .containsExactly("c is this very server, or has its server id 9");
    }

    @Test
    void serverThatWasExchangedMeanwhileIsNamed() {
        assertThat(Survivor.against(List.of(SOURCE), 9, Map.of("a", "another")))
                .containsExactly("a is another server now: expected another, found one");
        assertThat(Survivor.against(List.of(SOURCE), 9, Map.of("z", "zed")))
                .containsExactly("a is another server now: expected null, found one");
    }
}
