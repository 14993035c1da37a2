package io.backstay.recovery.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.binlog.BinlogPosition;
import io.backstay.binlog.GtidSet;
import io.backstay.binlog.MySqlGtidSet;
import org.junit.jupiter.api.Test;

class DumpPositionTest {
    private static final String SET =
            "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5:8,\n4e11fa47-71ca-11e1-9e33-c80aa9429562:1-3:t:1";

    @Test
    void aDumpOfMysqldumpSaysItsGtidsOverSeveralLines() {
        DumpPosition position =
                DumpPosition.UNKNOWN.with("SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '" + SET + "'");
        assertThat(position.gtid()).contains(MySqlGtidSet.parse(SET.replace("\n", "")));
        assertThat(position.position()).isEmpty();
    }

    @Test
    void itsPlaceIsAFileAndAnOffset() {
        assertThat(
                        DumpPosition.UNKNOWN
                                .with(
                                        "CHANGE REPLICATION SOURCE TO SOURCE_LOG_FILE='binlog.000003',"
                                                + " SOURCE_LOG_POS=1024;")
                                .position())
                .contains(new BinlogPosition("binlog.000003", 1024));
    }

    @Test
    void aDumpOfMariaDbSaysTheLastOfEachDomain() {
        assertThat(DumpPosition.UNKNOWN.with("SET GLOBAL gtid_slave_pos='0-1-42,1-2-3'").gtid())
                .contains(GtidSet.parse("0-1-42,1-2-3"));
    }
}
