package io.backstay.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.doors.Problem;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class ServerTest {
    private static final ServerAddress ADDRESS =
            ServerAddress.socket("root", Path.of("/run/mysqld.sock"));

    @Test
    void aServersQuoteOfAStatementWithAPasswordIsWithheld() {
        Problem problem =
                Server.failed(
                        ADDRESS,
                        "CHANGE MASTER TO MASTER_PASSWORD='s3cret'",
                        new SQLException("syntax error near 'PASSWORD='s3cret''", "42000", 1064));

        assertThat(problem)
                .hasMessageContaining("a statement with a password failed on")
                .hasMessageContaining("error 1064 (42000)")
                .hasNoCause();
        assertThat(problem.toString()).doesNotContain("s3cret");
    }

    @Test
    void anyOtherStatementIsShownWithWhatTheServerSaid() {
        Problem problem =
                Server.failed(ADDRESS, "SELECT 1 FROM", new SQLException("near ''", "42000", 1064));

        assertThat(problem)
                .hasMessageContaining("SELECT 1 FROM failed on")
                .hasMessageContaining("near ''");
    }
}
