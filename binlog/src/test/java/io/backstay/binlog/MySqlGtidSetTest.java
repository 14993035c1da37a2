package io.backstay.binlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MySqlGtidSetTest {
    private static final String A = "11111111-1111-1111-1111-111111111111";
    private static final String B = "eeeeeeee-1111-1111-1111-111111111111";

    private static MySqlGtidSet set(String text) {
        return MySqlGtidSet.parse(text);
    }

    @Test
    void isPrintedAsTheServerPrintsIt() {
        assertThat(
                        set(
                                B
                                        + ":7,"
                                        + A
                                        + ":tag:2:1:5-9:4, \n"
                                        + A.toUpperCase(java.util.Locale.ROOT)
                                        + ":3-4:1-2"))
                .hasToString(A + ":1-4:tag:1-2:4-9," + B + ":7");
    }

    @Test
    void emptyTextIsTheEmptySet() {
        assertThat(set(" ")).isEqualTo(MySqlGtidSet.EMPTY);
        assertThat(MySqlGtidSet.EMPTY.isEmpty()).isTrue();
    }

    @Test
    void aTagIsAnotherOwner() {
        var tagged = MySqlGtid.parse(A + ":Blue:1");
        assertThat(tagged).hasToString(A + ":blue:1");
        assertThat(set(A + ":1").contains(tagged)).isFalse();
        assertThat(set(A + ":blue:1").contains(tagged)).isTrue();
        assertThat(set(A + ":1").with(tagged)).hasToString(A + ":1:blue:1");
    }

    @Test
    void minusLeavesHoles() {
        assertThat(set(A + ":1-10").minus(set(A + ":1:4-5:10-12"))).hasToString(A + ":2-3:6-9");
        assertThat(set(A + ":1-10").minus(set(A + ":1-10"))).isEqualTo(MySqlGtidSet.EMPTY);
        assertThat(set(A + ":1-10").minus(set(B + ":1-10"))).hasToString(A + ":1-10");
    }

    @Test
    void sourcesAreSortedByTheirBytesUnsigned() {
        assertThat(set(B + ":1," + A + ":1")).hasToString(A + ":1," + B + ":1");
    }

    @Test
    void agreesWithPlainSetsOfNumbers() {
        long seed = 20260203;
        var random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            var left = new TreeSet<Integer>();
            var right = new TreeSet<Integer>();
            MySqlGtidSet a = random(random, left);
            MySqlGtidSet b = random(random, right);
            String at = "seed " + seed + ", round " + round + ": " + a + " and " + b;
            var union = new TreeSet<>(left);
            union.addAll(right);
            var minus = new TreeSet<>(left);
            minus.removeAll(right);
            assertThat(a.union(b)).as(at).isEqualTo(of(union));
            assertThat(a.minus(b)).as(at).isEqualTo(of(minus));
            assertThat(a.isSubsetOf(b)).as(at).isEqualTo(right.containsAll(left));
            assertThat(a.count()).as(at).isEqualTo(left.size());
            int probe = 1 + random.nextInt(30);
            assertThat(a.contains(MySqlGtid.parse(A + ":" + probe)))
                    .as(at)
                    .isEqualTo(left.contains(probe));
            assertThat(MySqlGtidSet.parse(a.toString())).as(at).isEqualTo(a);
        }
    }

    private static MySqlGtidSet random(Random random, Set<Integer> numbers) {
        MySqlGtidSet set = MySqlGtidSet.EMPTY;
        for (int i = random.nextInt(6); i > 0; i--) {
            int first = 1 + random.nextInt(25);
            int last = first + random.nextInt(5);
            set = set.union(set(A + ":" + first + "-" + last));
            for (int number = first; number <= last; number++) {
                numbers.add(number);
            }
        }
        return set;
    }

    private static MySqlGtidSet of(Set<Integer> numbers) {
        MySqlGtidSet set = MySqlGtidSet.EMPTY;
        for (int number : numbers) {
            set = set.with(MySqlGtid.parse(A + ":" + number));
        }
        return set;
    }

    @Test
    void garbageIsNamed() {
        assertThatThrownBy(() -> set(A + ":5-3"))
                .hasMessage(
                        "not a MySQL GTID set: expected uuid[:tag]:first-last..., found '"
                                + A
                                + ":5-3'");
        assertThatThrownBy(() -> set("0-1-7"))
                .hasMessage("not a MySQL GTID: expected a UUID, found '0-1-7'");
        assertThatThrownBy(() -> set(A + ":tag")).hasMessageContaining("found '" + A + ":tag'");
        assertThatThrownBy(() -> MySqlGtid.parse(A + ":0"))
                .hasMessage("not a MySQL GTID: expected a number from 1 to 2^63 - 2, found 0");
    }

    @Test
    void isReadByAServerAsItWasWritten() {
        for (String text :
                new String[] {
                    "", A + ":1-4:9," + B + ":7", A + ":1-4:tag:1-2:4-9," + B + ":other:7"
                }) {
            byte[] encoded = set(text).encode();
            var body =
                    new EventBody(
                            MemorySegment.ofArray(encoded),
                            new EventOrigin("request", 0),
                            0,
                            encoded.length);
            assertThat(PreviousGtidsEvent.decode(body).set()).hasToString(text);
            assertThat(body.remaining()).isZero();
        }
    }

    @Test
    void theEmptySetOfEitherFlavourJoinsWithAny() {
        MariaDbGtidState other = MariaDbGtidState.parse("0-1-7");
        assertThat(MariaDbGtidState.EMPTY.and(MySqlGtid.parse(A + ":3"))).isEqualTo(set(A + ":3"));
        assertThat(MySqlGtidSet.EMPTY.and(other)).isEqualTo(other);
        assertThatThrownBy(() -> set(A + ":3").and(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(A + ":3 joins with no GTIDs of MariaDB: 0-1-7");
    }
}
