package io.backstay.binlog.value;

import io.backstay.binlog.EncryptionKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Logs that real servers wrote (`tests/make-binlog-fixtures`), and what the same servers read.
class TypesTest {
    private static final Path FIXTURES = Path.of("src/test/resources/fixtures");

    @ParameterizedTest
    @ValueSource(strings = {"mysql-9.7", "mariadb-11.8"})
    void everyValueReadsAsTheServerReadsIt(String server) throws IOException {
        TypedTable.replay(
                        FIXTURES.resolve(server + "-types.binlog"),
                        EncryptionKeys.NONE,
                        "typed",
                        "t")
                .isAsTheServerReads(Files.readAllLines(FIXTURES.resolve(server + "-types.tsv")));
    }
}
