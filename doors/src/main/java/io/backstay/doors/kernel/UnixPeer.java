package io.backstay.doors.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Who listens behind a unix socket's name. Source: unix(7), `SO_PEERCRED`.
///
/// `struct sockaddr_un`: 2 bytes family, then the path, 108 bytes with its terminator. `struct
/// ucred`: pid, uid, gid, 4 bytes each.
public final class UnixPeer {
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM_NONBLOCK_CLOEXEC = 1 | 0x800 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int PATH_BYTES_MAX = 107;

    private static final MethodHandle SOCKET =
            Libc.function("socket", Libc.INT, Libc.INT, Libc.INT);
    private static final MethodHandle CONNECT =
            Libc.function("connect", Libc.INT, Libc.POINTER, Libc.INT);
    private static final MethodHandle GETSOCKOPT =
            Libc.function("getsockopt", Libc.INT, Libc.INT, Libc.INT, Libc.POINTER, Libc.POINTER);
    private static final MethodHandle CLOSE = Libc.function("close", Libc.INT);

    private UnixPeer() {}

    /// Pid of the process that called listen on it. Never waits: a full backlog is `EAGAIN`.
    ///
    /// Throws [KernelRefusedException]: `ENOENT` no such name, `ECONNREFUSED` nobody listens.
    public static int pidBehind(Path socketName) {
        byte[] path = socketName.toString().getBytes(StandardCharsets.UTF_8);
        if (path.length > PATH_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a socket's name has at most 107 bytes: " + socketName);
        }
        String name = socketName.toString();
        int socket =
                Libc.call(
                        "socket",
                        name,
                        (_, state) ->
                                (int)
                                        SOCKET.invokeExact(
                                                state, AF_UNIX, SOCK_STREAM_NONBLOCK_CLOEXEC, 0));
        try {
            Libc.call(
                    "connect",
                    name,
                    (arena, state) ->
                            (int)
                                    CONNECT.invokeExact(
                                            state, socket, address(arena, path), path.length + 3));
            int[] pid = new int[1];
            Libc.call(
                    "getsockopt",
                    name,
                    (arena, state) -> {
                        MemorySegment credentials = arena.allocate(12, 4);
                        MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, 12);
                        int result =
                                (int)
                                        GETSOCKOPT.invokeExact(
                                                state,
                                                socket,
                                                SOL_SOCKET,
                                                SO_PEERCRED,
                                                credentials,
                                                length);
                        pid[0] = credentials.get(ValueLayout.JAVA_INT, 0);
                        return result;
                    });
            return pid[0];
        } finally {
            Libc.call("close", name, (_, state) -> (int) CLOSE.invokeExact(state, socket));
        }
    }

    private static MemorySegment address(Arena arena, byte[] path) {
        MemorySegment address = arena.allocate(110, 2);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, 2, path.length);
        return address;
    }
}
