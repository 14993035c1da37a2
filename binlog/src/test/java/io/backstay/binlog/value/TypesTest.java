package io.backstay.binlog.value;

import io.backstay.binlog.EncryptionKeys;
import io.backstay.binlog.LogFixture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Logs that real servers wrote (`tests/make-binlog-fixtures`), and what the same servers read.
class TypesTest {

    @ParameterizedTest
    @ValueSource(strings = {"mysql-9.7", "mariadb-11.8"})
    void everyValueReadsAsTheServerReadsIt(String server) {
        TypedTable.replay(
                        LogFixture.path(server + "-types.binlog"),
                        EncryptionKeys.NONE,
                        "typed",
                        "t")
                .isAsTheServerReads(LogFixture.lines(server + "-types.tsv"));
    }
}
