package io.backstay.guard.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.binlog.MariaDbGtidState;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CoverageTest {
    private static PeerView peer(long id, String state, Set<String> tables) {
        return new PeerView(
                "p" + id,
                id,
                "/d",
                MariaDbGtidState.parse(state),
                tables,
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    @Test
    void errantTransactionThatAPositionHidesIsSeen() {
        // both stand at sequence 7 of domain 0, but 0-2-6 is not in the peer
        assertThat(
                        Coverage.against(
                                peer(1, "0-1-7", Set.of()),
                                MariaDbGtidState.parse("0-1-7,0-2-6"),
                                Set.of(),
                                null))
                .containsExactly("p1 lacks transactions: it has 0-1-7, here are 0-1-7,0-2-6");
    }

    @Test
    void otherDomainIsNotCovered() {
        assertThat(
                        Coverage.against(
                                peer(1, "0-1-7", Set.of()),
                                MariaDbGtidState.parse("0-1-7,5-1-1"),
                                Set.of(),
                                null))
                .hasSize(1);
    }

    @Test
    void tableThatThePeerLacksIsNamed() {
        assertThat(
                        Coverage.against(
                                peer(1, "0-1-7", Set.of("shop.a")),
                                MariaDbGtidState.parse("0-1-7"),
                                Set.of("shop.a", "shop.b"),
                                null))
                .containsExactly("p1 lacks tables: [shop.b]");
    }

    @Test
    void oneServerUnderTwoNamesIsOneSurvivor() {
        assertThat(Coverage.notDistinct(List.of(peer(1, "", Set.of()), peer(1, "", Set.of()))))
                .containsExactly("p1 has the server id 1 of another peer");
    }
}
