package io.backstay.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Problem;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ServerAddressTest {

    @Test
    void userHostAndPortAreRead() {
        assertThat(ServerAddress.parse("mysql://root@127.0.0.1:3307"))
                .isEqualTo(ServerAddress.tcp("root", "127.0.0.1", 3307));
    }

    @Test
    void socketIsRead() {
        assertThat(ServerAddress.parse("mysql:///run/mysqld/my.sock?user=root"))
                .isEqualTo(ServerAddress.socket("root", Path.of("/run/mysqld/my.sock")));
    }

    @Test
    void isPrintedAsItIsWritten() {
        for (String text :
                new String[] {"mysql://root@127.0.0.1:3307", "mysql:///run/my.sock?user=root"}) {
            assertThat(ServerAddress.parse(text)).hasToString(text);
        }
    }

    @Test
    void passwordInTheAddressIsRefusedAndNotRepeated() {
        for (String text :
                new String[] {
                    "mysql://root:secret@127.0.0.1:3307", "mysql://root@h:1?password=secret"
                }) {
            assertThatThrownBy(() -> ServerAddress.parse(text))
                    .isInstanceOf(Problem.class)
                    .hasMessage(
                            "a server's address holds a password, where every process list shows it\n"
                                    + "HINT: leave it out, and set BACKSTAY_PASSWORD or add"
                                    + " ?password-file=PATH.");
        }
    }

    @Test
    void unknownParametersAreRefused() {
        assertThatThrownBy(() -> ServerAddress.parse("mysql://root@h:1?sslmode=x"))
                .hasMessageStartingWith(
                        "a server's address has the unknown parameters [sslmode]\nHINT: ");
    }

    @Test
    void missingUserIsRefused() {
        assertThatThrownBy(() -> ServerAddress.parse("mysql://127.0.0.1:3306"))
                .hasMessage(
                        "a server's address names no user\n"
                                + "HINT: write mysql://USER@HOST:PORT or mysql:///PATH.sock?user=USER.");
    }
}
