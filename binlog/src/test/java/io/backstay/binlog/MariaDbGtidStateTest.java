package io.backstay.binlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MariaDbGtidStateTest {

    @Test
    void isPrintedSortedByDomainAndServer() {
        assertThat(MariaDbGtidState.parse("1-5-3,0-2-9,0-1-7")).hasToString("0-1-7,0-2-9,1-5-3");
    }

    @Test
    void emptyTextIsTheEmptyState() {
        assertThat(MariaDbGtidState.parse("")).isEqualTo(MariaDbGtidState.EMPTY);
        assertThat(MariaDbGtidState.EMPTY).hasToString("");
    }

    @Test
    void containsAServersEarlierSequencesOnly() {
        var state = MariaDbGtidState.parse("0-1-7,0-2-9");
        assertThat(state.contains(MariaDbGtid.parse("0-1-7"))).isTrue();
        assertThat(state.contains(MariaDbGtid.parse("0-1-8"))).isFalse();
        assertThat(state.contains(MariaDbGtid.parse("0-3-1"))).isFalse();
        assertThat(state.contains(MariaDbGtid.parse("1-1-1"))).isFalse();
    }

    @Test
    void reachesWhatAnyServerOfTheDomainReached() {
        var state = MariaDbGtidState.parse("0-1-7,0-2-9");
        assertThat(state.reaches(MariaDbGtid.parse("0-1-9"))).isTrue();
        assertThat(state.reaches(MariaDbGtid.parse("0-1-10"))).isFalse();
    }

    @Test
    void positionHasTheHighestSequenceOfEachDomain() {
        assertThat(MariaDbGtidState.parse("0-1-7,0-2-9,1-5-3").positionState())
                .hasToString("0-2-9,1-5-3");
    }

    @Test
    void unionIsASupersetOfBoth() {
        var a = MariaDbGtidState.parse("0-1-7,0-2-3");
        var b = MariaDbGtidState.parse("0-2-9,1-1-1");
        assertThat(a.union(b)).hasToString("0-1-7,0-2-9,1-1-1");
        assertThat(a.isSubsetOf(a.union(b))).isTrue();
        assertThat(a.union(b).isSubsetOf(a)).isFalse();
    }

    @Test
    void sequenceNumbersAreUnsigned() {
        var state = MariaDbGtidState.parse("0-1-18446744073709551615");
        assertThat(state.contains(MariaDbGtid.parse("0-1-5"))).isTrue();
        assertThat(state).hasToString("0-1-18446744073709551615");
    }

    @Test
    void garbageIsNamed() {
        assertThatThrownBy(() -> MariaDbGtidState.parse("0-1"))
                .hasMessage("not a MariaDB GTID: expected domain-server-sequence, found '0-1'");
    }
}
