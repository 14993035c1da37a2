package io.backstay.guard.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Lines as Linux 6.18 printed them.
class ListenerTest {
    private static final String HEADER =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid"
                    + "  timeout inode\n";

    @Test
    void tcpInStateListenIsRead() {
        assertThat(
                        Listener.tcp(
                                "n",
                                HEADER
                                        + "   0: 0100007F:0CEA 00000000:0000 0A 00000000:00000000"
                                        + " 00:00000000 00000000     0        0 4711 1 0\n"
                                        + "   1: 00000000:1F90 00000000:0000 0A 00000000:00000000"
                                        + " 00:00000000 00000000     0        0 4712 1 0\n"
                                        + "   2: 0100007F:0CEA 0100007F:D431 01 00000000:00000000"
                                        + " 00:00000000 00000000     0        0 4713 1 0\n"))
                .containsExactly(
                        new Listener("n", false, "127.0.0.1", 3306, 4711),
                        new Listener("n", false, "*", 8080, 4712));
    }

    @Test
    void lineThatWasCutIsNoListener() {
        assertThat(Listener.tcp("n", "0: 0100007F:0CEA 00000000:0000 0A 0:0 0:0 0 0 0\n"))
                .isEmpty();
        assertThat(Listener.tcp("n", "")).isEmpty();
    }

    @Test
    void ipv6IsReadAndAnIpv4AddressWithinItIsIpv4() {
        String rest =
                " 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000"
                        + " 0 0 5 1 0";
        assertThat(Listener.tcp("n", "0: B80D0120000000000000000001000000:0001" + rest))
                .containsExactly(new Listener("n", false, "2001:db8:0:0:0:0:0:1", 1, 5));
        assertThat(Listener.tcp("n", "0: 0000000000000000FFFF00000100000A:0001" + rest))
                .containsExactly(new Listener("n", false, "10.0.0.1", 1, 5));
        assertThat(Listener.tcp("n", "0: 00000000000000000000000000000000:0001" + rest))
                .containsExactly(new Listener("n", false, Listener.ALL, 1, 5));
    }

    @Test
    void unixSocketsThatListenAreRead() {
        assertThat(
                        Listener.unix(
                                "n",
                                """
                                Num       RefCount Protocol Flags    Type St Inode Path
                                0000: 00000002 00000000 00010000 0001 01 81 /run/a b.sock
                                0000: 00000002 00000000 00010000 0001 01 82
                                0000: 00000003 00000000 00000000 0001 03 83 /run/c.sock
                                0000: 00000003 00000000 00010000
                                """))
                .containsExactly(
                        new Listener("n", true, "/run/a b.sock", 0, 81),
                        new Listener("n", true, "", 0, 82));
    }

    @Test
    void labelsNameWhatIsListenedOn() {
        assertThat(new Listener("n", true, "/s", 0, 1).label()).isEqualTo("unix socket /s");
        assertThat(new Listener("n", false, "10.0.0.1", 3306, 1).label())
                .isEqualTo("10.0.0.1:3306");
    }
}
