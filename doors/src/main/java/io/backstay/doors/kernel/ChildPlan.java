package io.backstay.doors.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A program that is to be started with some of this process's descriptors, so that the locks on
/// them live as long as it does.
///
/// Java's own way of starting processes closes every descriptor in the child. Here the child gets
/// those that are named, under numbers from [#FIRST_NUMBER] up, where no shell script puts its own,
/// and no others beside its standard streams. Source: posix_spawn(3).
///
/// @param command program, looked up on the PATH, and its arguments, handed over byte by byte; no
///   shell
/// @param environment all of it
/// @param descriptors what it inherits
/// @param streams where it says what it says
public record ChildPlan(
        List<String> command,
        Map<String, String> environment,
        List<Descriptor> descriptors,
        Streams streams) {

    /// The number of the first descriptor in the child; the next ones follow.
    public static final int FIRST_NUMBER = 300;

    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int O_RDONLY = 0;
    private static final int O_WRONLY = 1;

    private static final MethodHandle FCNTL =
            Libc.variadic(2, "fcntl", Libc.INT, Libc.INT, Libc.INT);
    private static final MethodHandle CLOSE = Libc.function("close", Libc.INT);
    private static final MethodHandle SPAWN =
            Libc.function(
                    "posix_spawnp",
                    Libc.POINTER,
                    Libc.POINTER,
                    Libc.POINTER,
                    Libc.POINTER,
                    Libc.POINTER,
                    Libc.POINTER);

    public ChildPlan {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        descriptors = List.copyOf(descriptors);
        for (String word : command) {
            requireExact(word);
        }
    }

    /// Standard input, output and error of the child.
    public enum Streams {
        /// This process's own.
        SHARED,
        /// Its output goes where this process's errors go.
        OUTPUT_TO_ERROR,
        /// Reads nothing and is not heard.
        NONE
    }

    /// A descriptor as the child has it.
    record Passed(int number, String file, boolean isLocked) {}

    /// Whether this machine's C library has all that [#start] needs.
    public static boolean isSupported() {
        return SpawnActions.isSupported();
    }

    /// The name under which the child, and whoever it starts, can reach the n-th descriptor.
    public static String nameInChild(int index) {
        return "/proc/self/fd/" + (FIRST_NUMBER + index);
    }

    /// Throws [KernelRefusedException] if the program could not be started; nothing runs then.
    public Child start() {
        return start(() -> {});
    }

    /// The same, with a last thing to do when all but the start itself is done.
    public Child start(Runnable justBefore) {
        var copies = new ArrayList<Integer>();
        try (Arena arena = Arena.ofConfined();
                var actions = new SpawnActions(arena)) {
            var passed = new ArrayList<Passed>();
            // copies above all numbers of the child, so that none is overwritten before its turn
            int above = FIRST_NUMBER + descriptors.size();
            for (Descriptor descriptor : descriptors) {
                copies.add(copy(descriptor, above));
            }
            streams(arena, actions);
            for (int low = 3; low < FIRST_NUMBER; low++) {
                actions.close(low);
            }
            for (int i = 0; i < copies.size(); i++) {
                int number = FIRST_NUMBER + i;
                actions.duplicate(copies.get(i), number);
                passed.add(
                        new Passed(
                                number,
                                Child.fileOf(copies.get(i)),
                                descriptors.get(i).isLocked()));
            }
            actions.closeFrom(above);
            return new Child(spawn(arena, actions, justBefore), List.copyOf(passed));
        } finally {
            copies.forEach(ChildPlan::close);
        }
    }

    private void streams(Arena arena, SpawnActions actions) {
        switch (streams) {
            case SHARED -> {}
            case OUTPUT_TO_ERROR -> actions.duplicate(2, 1);
            case NONE -> {
                MemorySegment nowhere = arena.allocateFrom("/dev/null");
                actions.open(0, nowhere, O_RDONLY);
                actions.open(1, nowhere, O_WRONLY);
                actions.open(2, nowhere, O_WRONLY);
            }
        }
    }

    private int spawn(Arena arena, SpawnActions actions, Runnable justBefore) {
        MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
        MemorySegment program = arena.allocateFrom(command.getFirst(), charset());
        MemorySegment arguments = words(arena, command);
        MemorySegment variables =
                words(
                        arena,
                        environment.entrySet().stream()
                                .map(variable -> variable.getKey() + "=" + variable.getValue())
                                .toList());
        justBefore.run();
        SpawnActions.call(
                "posix_spawn of " + command.getFirst(),
                (_, state) ->
                        (int)
                                SPAWN.invokeExact(
                                        state,
                                        pid,
                                        program,
                                        actions.actions(),
                                        actions.attributes(),
                                        arguments,
                                        variables));
        return pid.get(ValueLayout.JAVA_INT, 0);
    }

    private static MemorySegment words(Arena arena, List<String> words) {
        MemorySegment array = arena.allocate(ValueLayout.ADDRESS, words.size() + 1L);
        for (int i = 0; i < words.size(); i++) {
            array.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(words.get(i), charset()));
        }
        array.setAtIndex(ValueLayout.ADDRESS, words.size(), MemorySegment.NULL);
        return array;
    }

    private static int copy(Descriptor descriptor, int above) {
        return Libc.call(
                "fcntl F_DUPFD_CLOEXEC",
                "descriptor",
                (_, state) ->
                        (int)
                                FCNTL.invokeExact(
                                        state, descriptor.number(), F_DUPFD_CLOEXEC, above));
    }

    private static void close(int number) {
        Libc.call("close", "descriptor", (_, state) -> (int) CLOSE.invokeExact(state, number));
    }

    /// Java decodes what it was started with: a byte that this locale has no character for is lost,
    /// and another argument than the one that was written would be handed over.
    private static void requireExact(String word) {
        if (word.indexOf('\ufffd') >= 0
                || word.indexOf('\0') >= 0
                || !charset().newEncoder().canEncode(word)) {
            throw new IllegalArgumentException(
                    "cannot be handed over byte by byte in this locale: " + word);
        }
    }

    private static Charset charset() {
        return Charset.forName(
                System.getProperty("sun.jnu.encoding", System.getProperty("native.encoding")));
    }
}
