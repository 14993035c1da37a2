package io.backstay.lab;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One TCP address that leads to one server at a time: what an application uses as "the database".
///
/// - All connections lead to the present target; a connection to a former one is closed before the
///   next is opened, so two sources are never written to through one address.
/// - While cut, new connections are held, not refused: a client waits for the switch to end and
///   sees a stall as long as the switch, instead of a storm of errors as long as its retry pause.
///   One held for longer than a minute is closed.
///
/// Safe for use by several threads; the work is done by virtual threads.
public final class SwitchableAddress implements AutoCloseable {
    private static final Duration HELD_MAX = Duration.ofMinutes(1);
    private static final int CONNECT_TIMEOUT_MILLIS = 3_000;

    private final ServerSocket listener;
    private final Thread acceptor;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // guarded by lock
    private final Set<Link> links = new HashSet<>();
    private @Nullable InetSocketAddress target;
    private boolean isClosed;
    private long accepted;
    private long held;
    private long closedByCut;
    private long notReached;

    /// @param accepted connections since the start
    /// @param open of them, now
    /// @param held of them, that had to wait for a target
    /// @param closedByCut of them, ended by a switch
    /// @param notReached of them, closed as the target did not answer
    public record Counters(long accepted, int open, long held, long closedByCut, long notReached) {}

    private record Link(Socket client, Socket server) {
        void close() {
            closeSocket(client);
            closeSocket(server);
        }
    }

    private SwitchableAddress(ServerSocket listener) {
        this.listener = listener;
        this.acceptor = Thread.ofVirtual().name("switchable " + listener).unstarted(this::accept);
    }

    /// Listens; cut until pointed somewhere.
    public static SwitchableAddress open(String address, int port) {
        ServerSocket listener;
        try {
            listener = new ServerSocket();
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(InetAddress.getByName(address), port), 128);
        } catch (IOException e) {
            throw new Problem(
                    ErrorCode.ENVIRONMENT,
                    "cannot listen at %s:%d: %s".formatted(address, port, e.getMessage()),
                    "See who listens there: ss -ltnp 'sport = :%d'".formatted(port),
                    e);
        }
        SwitchableAddress switchable = new SwitchableAddress(listener);
        switchable.acceptor.start();
        return switchable;
    }

    /// Leads all connections to a server from now on; those to another one are closed first.
    public void pointTo(String address, int port) {
        InetSocketAddress next = new InetSocketAddress(address, port);
        lock.lock();
        try {
            if (!next.equals(target)) {
                closeLinks();
            }
            target = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Closes all connections; new ones are held until [#pointTo].
    public void cut() {
        lock.lock();
        try {
            target = null;
            closeLinks();
        } finally {
            lock.unlock();
        }
    }

    public Counters counters() {
        lock.lock();
        try {
            return new Counters(accepted, links.size(), held, closedByCut, notReached);
        } finally {
            lock.unlock();
        }
    }

    /// Returns when the address is free again.
    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            target = null;
            closeLinks();
            changed.signalAll();
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
        try {
            // the kernel's socket is closed only when accept has returned
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while closing an address", e);
        }
    }

    private void closeLinks() {
        closedByCut += links.size();
        links.forEach(Link::close);
        links.clear();
    }

    private void accept() {
        while (true) {
            Socket client;
            try {
                client = listener.accept();
            } catch (IOException e) {
                if (listener.isClosed()) {
                    return;
                }
                throw new UncheckedIOException(e);
            }
            Thread.ofVirtual().start(() -> serve(client));
        }
    }

    private void serve(Socket client) {
        try {
            InetSocketAddress to = awaitTarget();
            Link link = to == null ? null : connect(client, to);
            if (link == null) {
                closeSocket(client);
                return;
            }
            Thread back = Thread.ofVirtual().start(() -> copy(link, link.server, link.client));
            copy(link, link.client, link.server);
            back.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closeSocket(client);
        }
    }

    /// Null: closed, or held for too long.
    private @Nullable InetSocketAddress awaitTarget() throws InterruptedException {
        lock.lock();
        try {
            accepted++;
            if (target == null) {
                held++;
            }
            long leftNanos = HELD_MAX.toNanos();
            while (target == null && !isClosed && leftNanos > 0) {
                leftNanos = changed.awaitNanos(leftNanos);
            }
            return target;
        } finally {
            lock.unlock();
        }
    }

    /// Null: not reached, or the target changed meanwhile.
    private @Nullable Link connect(Socket client, InetSocketAddress to) {
        Socket server = new Socket();
        Link link = new Link(client, server);
        boolean isReached = false;
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(to, CONNECT_TIMEOUT_MILLIS);
            isReached = true;
        } catch (IOException _) {
            // counted below; the client sees its connection closed
        }
        lock.lock();
        try {
            if (isReached && to.equals(target)) {
                links.add(link);
                return link;
            }
            if (!isReached) {
                notReached++;
            }
        } finally {
            lock.unlock();
        }
        link.close();
        return null;
    }

    private void copy(Link link, Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException _) {
            // one side has gone: so does the other
        } finally {
            lock.lock();
            try {
                links.remove(link);
            } finally {
                lock.unlock();
            }
            link.close();
        }
    }

    private static void closeSocket(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
