package io.backstay.doors.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// What a child does with its descriptors and signals before its program begins, in order. Source:
/// posix_spawn(3), posix_spawn_file_actions_addclosefrom_np(3) (glibc 2.34).
final class SpawnActions implements AutoCloseable {
    private static final short POSIX_SPAWN_SETSIGMASK = 0x08;

    /// More than any C library's own types take; they are opaque and filled in by it.
    private static final int OPAQUE_BYTES = 1024;

    private static final String ACTIONS = "posix_spawn_file_actions_";
    private static final String ATTRIBUTES = "posix_spawnattr_";
    private static final String CLOSE_FROM = ACTIONS + "addclosefrom_np";
    private static final MethodHandle INIT = Libc.function(ACTIONS + "init", Libc.POINTER);
    private static final MethodHandle DESTROY = Libc.function(ACTIONS + "destroy", Libc.POINTER);
    private static final MethodHandle DUPLICATE =
            Libc.function(ACTIONS + "adddup2", Libc.POINTER, Libc.INT, Libc.INT);
    private static final MethodHandle CLOSE =
            Libc.function(ACTIONS + "addclose", Libc.POINTER, Libc.INT);
    private static final MethodHandle OPEN =
            Libc.function(
                    ACTIONS + "addopen", Libc.POINTER, Libc.INT, Libc.POINTER, Libc.INT, Libc.INT);
    private static final MethodHandle INIT_ATTRIBUTES =
            Libc.function(ATTRIBUTES + "init", Libc.POINTER);
    private static final MethodHandle DESTROY_ATTRIBUTES =
            Libc.function(ATTRIBUTES + "destroy", Libc.POINTER);
    private static final MethodHandle FLAGS =
            Libc.function(ATTRIBUTES + "setflags", Libc.POINTER, ValueLayout.JAVA_SHORT);

    private final MemorySegment actions;
    private final MemorySegment attributes;

    SpawnActions(Arena arena) {
        MemorySegment actionsMemory = arena.allocate(OPAQUE_BYTES, 16);
        MemorySegment attributesMemory = arena.allocate(OPAQUE_BYTES, 16);
        actions = actionsMemory;
        attributes = attributesMemory;
        call("init", (_, state) -> (int) INIT.invokeExact(state, actionsMemory));
        call("init", (_, state) -> (int) INIT_ATTRIBUTES.invokeExact(state, attributesMemory));
        // a Java thread blocks signals that the program must hear: the initial mask is empty
        call(
                "setflags",
                (_, state) ->
                        (int) FLAGS.invokeExact(state, attributesMemory, POSIX_SPAWN_SETSIGMASK));
    }

    static boolean isSupported() {
        return Linker.nativeLinker().defaultLookup().find(CLOSE_FROM).isPresent();
    }

    MemorySegment actions() {
        return actions;
    }

    MemorySegment attributes() {
        return attributes;
    }

    void duplicate(int from, int to) {
        call("adddup2", (_, state) -> (int) DUPLICATE.invokeExact(state, actions, from, to));
    }

    /// A number that is not open is no error.
    void close(int number) {
        call("addclose", (_, state) -> (int) CLOSE.invokeExact(state, actions, number));
    }

    void open(int number, MemorySegment name, int flags) {
        call(
                "addopen",
                (_, state) -> (int) OPEN.invokeExact(state, actions, number, name, flags, 0));
    }

    void closeFrom(int lowest) {
        MethodHandle closeFrom = Libc.function(CLOSE_FROM, Libc.POINTER, Libc.INT);
        call("addclosefrom_np", (_, state) -> (int) closeFrom.invokeExact(state, actions, lowest));
    }

    /// These functions return the error number itself.
    static void call(String name, Libc.Body body) {
        int errno = Libc.call(name, "spawn", body);
        if (errno != 0) {
            throw new KernelRefusedException(name, "spawn", errno);
        }
    }

    @Override
    public void close() {
        call("destroy", (_, state) -> (int) DESTROY.invokeExact(state, actions));
        call("destroy", (_, state) -> (int) DESTROY_ATTRIBUTES.invokeExact(state, attributes));
    }
}
