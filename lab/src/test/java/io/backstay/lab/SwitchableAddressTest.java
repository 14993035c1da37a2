package io.backstay.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SwitchableAddressTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final SwitchableAddress address = SwitchableAddress.open("127.31.6.10", 4000);
    private Answering first;
    private Answering second;

    @BeforeEach
    void listen() throws Exception {
        first = new Answering("127.31.6.1", 'a');
        second = new Answering("127.31.6.2", 'b');
    }

    @AfterEach
    void close() throws Exception {
        address.close();
        first.close();
        second.close();
    }

    @Test
    void leadsToTheTarget() throws Exception {
        address.pointTo("127.31.6.1", 4000);
        try (Socket client = client()) {
            assertThat(ask(client)).isEqualTo('a');
            assertThat(ask(client)).isEqualTo('a');
        }
        assertThat(Await.until(SOON, Duration.ofMillis(5), () -> address.counters().open() == 0))
                .isTrue();
        assertThat(address.counters()).isEqualTo(new SwitchableAddress.Counters(1, 0, 0, 0, 0));
    }

    @Test
    void pointingElsewhereClosesWhatLedToTheFormerTarget() throws Exception {
        address.pointTo("127.31.6.1", 4000);
        try (Socket client = client()) {
            assertThat(ask(client)).isEqualTo('a');
            address.pointTo("127.31.6.2", 4000);
            assertThat(isClosed(client)).isTrue();
        }
        try (Socket client = client()) {
            assertThat(ask(client)).isEqualTo('b');
        }
        assertThat(address.counters().closedByCut()).isEqualTo(1);
    }

    @Test
    void aConnectionMadeWhileCutIsHeldUntilPointedAgain() throws Exception {
        address.pointTo("127.31.6.1", 4000);
        address.cut();
        try (Socket client = client()) {
            assertThat(
                            Await.until(
                                    SOON,
                                    Duration.ofMillis(5),
                                    () -> address.counters().held() == 1))
                    .isTrue();
            address.pointTo("127.31.6.2", 4000);
            assertThat(ask(client)).isEqualTo('b');
        }
    }

    @Test
    void aTargetThatDoesNotAnswerClosesTheConnectionAndIsCounted() throws Exception {
        address.pointTo("127.31.6.3", 4000);
        try (Socket client = client()) {
            assertThat(isClosed(client)).isTrue();
        }
        assertThat(address.counters().notReached()).isEqualTo(1);
    }

    private static Socket client() throws IOException {
        Socket client = new Socket(InetAddress.getByName("127.31.6.10"), 4000);
        client.setSoTimeout((int) SOON.toMillis());
        client.setTcpNoDelay(true);
        return client;
    }

    private static int ask(Socket client) throws IOException {
        client.getOutputStream().write('?');
        return client.getInputStream().read();
    }

    private static boolean isClosed(Socket client) {
        try {
            return client.getInputStream().read() == -1;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /// A server that answers each byte with the same letter.
    private static final class Answering {
        private final ServerSocket listener;
        private final Thread acceptor;

        Answering(String host, char answer) throws IOException {
            listener = new ServerSocket(4000, 10, InetAddress.getByName(host));
            acceptor = Thread.ofPlatform().daemon().start(() -> accept(answer));
        }

        private void accept(char answer) {
            try {
                while (true) {
                    Socket socket = listener.accept();
                    Thread.ofVirtual().start(() -> answer(socket, answer));
                }
            } catch (IOException e) {
                assertThat(listener.isClosed()).isTrue();
            }
        }

        private static void answer(Socket socket, char answer) {
            try (socket) {
                while (socket.getInputStream().read() != -1) {
                    socket.getOutputStream().write(answer);
                }
            } catch (IOException e) {
                // the other side has gone, as the tests make it
            }
        }

        /// Returns when the address is free: the kernel closes a socket when accept has returned.
        void close() throws Exception {
            listener.close();
            acceptor.join();
        }
    }
}
