package io.backstay.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.lab.AcknowledgedCommit;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LostWritesTest {
    private static final MariaDbGtidState END = MariaDbGtidState.parse("0-1-2");

    @Test
    void presentUpToTheEndAndMissingAfterItIsNoContradiction() {
        var lost =
                LostWrites.count(
                        List.of(write(1, "0-1-1"), write(2, "0-1-2"), write(3, "0-1-3")),
                        List.of(),
                        END,
                        Set.of(1L, 2L));

        assertThat(lost.contradictions()).isEmpty();
        assertThat(lost.present()).isEqualTo(2);
        assertThat(lost.afterEnd()).isEqualTo(1);
    }

    @Test
    void aWriteMissingThoughTheArchiveCoversItIsAContradiction() {
        var lost = LostWrites.count(List.of(write(2, "0-1-2")), List.of(), END, Set.of());

        assertThat(lost.contradictions())
                .containsExactly("write 2, GTID 0-1-2, archive's end 0-1-2: missing");
    }

    @Test
    void aWritePresentThoughAfterTheEndIsAContradiction() {
        var lost = LostWrites.count(List.of(write(3, "0-1-3")), List.of(), END, Set.of(3L));

        assertThat(lost.contradictions())
                .containsExactly("write 3, GTID 0-1-3, archive's end 0-1-2: present");
    }

    @Test
    void aRowThatNobodyWroteIsAContradiction() {
        var lost = LostWrites.count(List.of(), List.of(7L), END, Set.of(7L, 8L));

        assertThat(lost.contradictions()).containsExactly("write 8 is there and nobody wrote it");
    }

    private static AcknowledgedCommit write(long id, String gtid) {
        return new AcknowledgedCommit(id, gtid, Instant.EPOCH);
    }
}
