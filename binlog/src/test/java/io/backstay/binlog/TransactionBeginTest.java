package io.backstay.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionBeginTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "BEGIN",
                "begin ",
                "XA START X'61',X'',1",
                "CREATE TABLE `made` (\n  `id` int NOT NULL\n) START TRANSACTION"
            })
    void moreEventsFollow(String statement) {
        assertThat(TransactionBegin.isBegin(statement)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BEGINNING",
                "XA END X'61',X'',1",
                "CREATE TABLE `made` (`id` int) COMMENT='x START TRANSACTION'",
                "CREATE TABLESPACE x START TRANSACTION"
            })
    void itEndsWithItself(String statement) {
        assertThat(TransactionBegin.isBegin(statement)).isFalse();
    }
}
