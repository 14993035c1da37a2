package io.backstay.guard.internal;

import static io.backstay.guard.internal.Sketch.elsewhere;
import static io.backstay.guard.internal.Sketch.seen;
import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.guard.KernelCalls;
import io.backstay.guard.internal.ProcessFacts.Held;
import io.backstay.guard.internal.ProcessFacts.How;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketsProbeTest {
    private static final int NOBODY = 4_000_000;
    private static final String OURS = "10.1.1.1";

    @TempDir Path home;
    private Sketch sketch;
    private Path data;

    @BeforeEach
    void draw() throws Exception {
        data = Files.createDirectories(home.toRealPath().resolve("data"));
        sketch = new Sketch(data);
        sketch.mounts.put(Sketch.MOUNTS, Mount.own());
        sketch.addresses = Set.of(OURS);
    }

    private List<String> life() throws CannotLookException {
        return seen(new SocketsProbe(), sketch);
    }

    private void tcp(String network, String address, long inode) {
        sketch.listeners.add(new Listener(network, false, address, 3306, inode));
    }

    private void owner(long inode, Held... held) {
        sketch.processes.add(Sketch.process(NOBODY, List.of("x"), Set.of(inode), List.of(), held));
    }

    private void unix(String name) {
        sketch.listeners.add(new Listener(Sketch.NETWORK, true, name, 0, 9));
    }

    @Test
    void ownAddressIsLifeUnlessItsOwnerHasDataElsewhere() throws Exception {
        tcp(Sketch.NETWORK, OURS, 5);
        owner(5);
        assertThat(life()).containsExactly("process 4000000 (some) listens on 10.1.1.1:3306");
        sketch.processes.clear();
        owner(5, elsewhere(How.OPEN, "/srv/other/ibdata1"));
        assertThat(life()).isEmpty();
    }

    @Test
    void anotherAddressIsLifeOnlyOfWhoHoldsSomethingHere() throws Exception {
        tcp("net:[2]", "10.9.9.9", 5);
        owner(5);
        assertThat(life()).isEmpty();
        sketch.processes.clear();
        owner(5, sketch.held(How.OPEN, "t.ibd", false));
        assertThat(life()).containsExactly("process 4000000 (some) listens on 10.9.9.9:3306");
    }

    @Test
    void eachListenerIsSaidOnce() throws Exception {
        tcp(Sketch.NETWORK, OURS, 5);
        tcp(Sketch.NETWORK, OURS, 6);
        sketch.processes.add(Sketch.process(NOBODY, List.of(), Set.of(5L, 6L), List.of()));
        assertThat(life()).hasSize(1);
    }

    @Test
    void unixSocketCountsByTheNameItWasBoundTo() throws Exception {
        unix(data + "/s.sock");
        assertThat(life()).containsExactly("unix socket " + data + "/s.sock is listened on");
        owner(9);
        assertThat(life())
                .containsExactly(
                        "process 4000000 (some) listens on unix socket " + data + "/s.sock");
        sketch.listeners.clear();
        unix("@" + data + "/s.sock");
        assertThat(life()).hasSize(1);
        sketch.listeners.clear();
        for (String other : List.of("", "@x", "s.sock", data + "0/s.sock", "/run/s.sock")) {
            unix(other);
        }
        assertThat(life()).isEmpty();
    }

    @Test
    void relativeUnixSocketIsSeenFromItsOwnersWorkingDirectory() throws Exception {
        unix("data/s.sock");
        owner(9, elsewhere(How.WORKING_DIRECTORY, data.getParent().toString()));
        assertThat(life()).hasSize(1);
    }

    /// A process that lives, so that its namespace can be asked once more.
    private void alive() {
        sketch.processes.add(
                Sketch.process(
                        (int) ProcessHandle.current().pid(), List.of(), Set.of(), List.of()));
    }

    @Test
    void listenerWithoutAnOwnerThatIsGoneIsNoLife() throws Exception {
        tcp(Sketch.NETWORK, OURS, Long.MAX_VALUE);
        alive();
        assertThat(life()).isEmpty();
        sketch.processes.clear();
        assertThat(life()).isEmpty();
    }

    @Test
    void listenerWithoutAnOwnerThatStaysIsLifeOnOurAddressAndElseBlind() throws Exception {
        try (var socket = new java.net.ServerSocket(0)) {
            long inode = inodeOf(socket.getLocalPort());
            alive();
            tcp(Sketch.NETWORK, OURS, inode);
            assertThat(life())
                    .containsExactly("10.1.1.1:3306 is listened on by a process that is not seen");
            sketch.listeners.clear();
            // this process has it: it only began after the table was read
            tcp(Sketch.NETWORK, Listener.ALL, inode);
            assertThat(life()).isEmpty();
        }
    }

    @Test
    void listenerOnAllAddressesIsNobodysWithoutAnAddressOfOurOwn() throws Exception {
        sketch.addresses = Set.of();
        alive();
        tcp(Sketch.NETWORK, Listener.ALL, 5);
        tcp(Sketch.NETWORK, OURS, 6);
        assertThat(life()).isEmpty();
    }

    private static long inodeOf(int port) throws Exception {
        String table =
                Files.readString(Path.of("/proc/self/net/tcp"))
                        + Files.readString(Path.of("/proc/self/net/tcp6"));
        return Listener.tcp("", table).stream()
                .filter(listener -> listener.port() == port)
                .findFirst()
                .orElseThrow()
                .inode();
    }

    @Test
    void whatIsUnreadIsBlind() throws Exception {
        sketch.unread.add("process 7 fd: permission denied");
        assertThat(life()).singleElement().asString().startsWith("BLIND 1 processes");
        unix(data + "/s.sock");
        assertThat(life()).singleElement().asString().startsWith("unix socket");
    }

    @Test
    void saysWhatItLookedAt() throws Exception {
        tcp(Sketch.NETWORK, OURS, 5);
        tcp("net:[2]", OURS, 6);
        var probe = new SocketsProbe();
        assertThat(probe.name()).isEqualTo("sockets");
        assertThat(probe.lookedAt(sketch.world()))
                .isEqualTo("2 listening sockets in 2 network namespaces, own addresses 10.1.1.1");
        sketch.addresses = Set.of();
        assertThat(probe.lookedAt(sketch.world())).endsWith("own addresses not known");
        assertThat(probe.notSeen(sketch.world()))
                .containsExactly("network namespaces in which no process lives");
        sketch.excused = Optional.of("p");
        assertThat(probe.notSeen(sketch.world())).hasSize(2);
    }

    /// A listening socket that no process has: it is on its way from one socket to another.
    @Test
    void listenerThatNobodyHasIsBlindWhereItMayBeOurs() throws Exception {
        var socket = java.nio.channels.ServerSocketChannel.open();
        socket.bind(new java.net.InetSocketAddress("127.0.0.1", 0));
        int port = ((java.net.InetSocketAddress) socket.getLocalAddress()).getPort();
        long inode = inodeOf(port);
        try (var held = KernelCalls.inFlight(descriptorOf(inode))) {
            assertThat(held).isNotNull();
            socket.close();
            assertThat(ProcessTable.socketsNow()).doesNotContain(inode);
            alive();
            tcp(Sketch.NETWORK, Listener.ALL, inode);
            assertThat(life())
                    .containsExactly("BLIND *:3306 is listened on by a process that is not seen");
            sketch.excused = Optional.of("process 1");
            assertThat(life()).isEmpty();
            sketch.excused = Optional.empty();
            sketch.listeners.clear();
            tcp("net:[2]", Listener.ALL, inode);
            tcp(Sketch.NETWORK, "10.9.9.9", inode);
            assertThat(life()).isEmpty();
            sketch.addresses = Set.of();
            tcp(Sketch.NETWORK, Listener.ALL, inode);
            assertThat(life()).isEmpty();
        }
    }

    private static int descriptorOf(long inode) throws Exception {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : all.toList()) {
                if (Files.isSymbolicLink(descriptor)
                        && Files.readSymbolicLink(descriptor)
                                .toString()
                                .equals("socket:[" + inode + "]")) {
                    return Integer.parseInt(descriptor.getFileName().toString());
                }
            }
        }
        throw new AssertionError("no descriptor of socket " + inode);
    }

    @Test
    void unnamedSocketOfWhoStandsHereIsNotBoundHere() throws Exception {
        unix("");
        owner(9, elsewhere(How.WORKING_DIRECTORY, data.toString()));
        assertThat(life()).isEmpty();
    }

    @Test
    void relativeNameWithoutAnOwnerIsNobodysEvenForAWholeFileSystem() throws Exception {
        unix("s.sock");
        World world = sketch.world();
        Place whole = new Place(world.target().tree(), "/", Set.of(), "");
        assertThat(new SocketsProbe().lifeAt(whole, world)).isEmpty();
    }

    @Test
    void nameIsUnderstoodByItsOwnersMounts() throws Exception {
        sketch.mounts.put(
                Sketch.MOUNTS,
                List.of(
                        new Mount(
                                1,
                                0,
                                sketch.device(),
                                Path.of(sketch.inside()).getParent().toString(),
                                "/nowhere/mnt",
                                "ext4",
                                "x",
                                "")));
        unix("/nowhere/mnt/data/s.sock");
        assertThat(life()).isEmpty();
        owner(9, elsewhere(How.WORKING_DIRECTORY, "/tmp"));
        assertThat(life()).hasSize(1);
    }
}
