package io.backstay.recovery.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.recovery.fold.LogWriter;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class WitnessRunTest {
    @Test
    void theStretchBeginsWithTheNextTransactionOrElseTheLastOne() {
        var log = new LogWriter();
        int first = log.size();
        log.begin(1).tableMap().insert(1, "a").commit();
        int second = log.size();
        log.begin(2).tableMap().insert(2, "b").commit();
        MemorySegment bytes = MemorySegment.ofArray(log.bytes());

        assertThat(WitnessRun.transactionAt(bytes, -1)).isZero();
        assertThat(WitnessRun.transactionAt(bytes, 1)).isEqualTo(first);
        assertThat(WitnessRun.transactionAt(bytes, first + 1)).isEqualTo(second);
        assertThat(WitnessRun.transactionAt(bytes, second)).isEqualTo(second);
        assertThat(WitnessRun.transactionAt(bytes, second + 1)).isEqualTo(second);
    }
}
