package io.backstay.guard;

import io.backstay.doors.Commands;
import io.backstay.doors.Disk;
import io.backstay.doors.kernel.ChildPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// One seed of the race: a folder that may be wiped, live data beside it, and one move against it.
///
/// ```
/// host/data: cache (disposable), below/     host/live: ibdata1     other/data: ibdata1
/// ```
final class RaceRound implements AutoCloseable {
    /// Where the guard was when the move was complete.
    enum Window {
        FIRST_LOOK,
        BEFORE_HOLDING,
        SECOND_LOOK,
        BEFORE_ACT,
        ACT,
        AFTER
    }

    enum Move {
        OPEN_FILE,
        ENTER,
        LEAVE,
        LINK_FOR_FOLDER,
        LIVE_FOR_FOLDER,
        LINK_FOR_PARENT,
        BIND_OVER,
        BIND_BELOW,
        TMPFS_OVER,
        LINK_FOR_HELD_NAME
    }

    /// @param met what the move itself met: `done`, or why it could not be made
    /// @param harm what was alive and is gone; empty as it must be
    record Told(long seed, Move move, Window window, String met, String end, String harm) {}

    private final long seed;
    private final Random random;
    private final Move move;
    private final Window aim;
    private final Path folder;
    private final Path host;
    private final Path data;
    private final Path live;
    private final Object inode;
    private final List<Process> holders = new ArrayList<>();
    private final List<Path> mounted = new ArrayList<>();
    private volatile Window now = Window.FIRST_LOOK;
    private volatile boolean isMoved;
    private volatile String harm = "";

    RaceRound(long seed) throws IOException {
        this.seed = seed;
        this.random = new Random(seed);
        this.move = Move.values()[random.nextInt(Move.values().length)];
        this.aim = Window.values()[random.nextInt(Window.values().length)];
        folder = Files.createTempDirectory("rc").toRealPath();
        host = folder.resolve("host");
        data = Files.createDirectories(host.resolve("data"));
        Files.createDirectory(data.resolve("below"));
        Files.writeString(data.resolve("cache"), "x");
        live = Files.createDirectory(host.resolve("live"));
        Files.writeString(live.resolve("ibdata1"), "precious");
        inode = Files.getAttribute(live.resolve("ibdata1"), "unix:ino");
        Files.createDirectories(folder.resolve("other/data"));
        Files.writeString(folder.resolve("other/data/ibdata1"), "precious");
        Files.createDirectory(folder.resolve("state"));
    }

    Told run() throws IOException {
        if (move == Move.LEAVE) {
            hold("exec 3<\"$1/cache\"");
        }
        var mover = CompletableFuture.supplyAsync(this::moveInTime);
        GuardedAct.Outcome outcome =
                GuardedAct.run(
                        Guard.ofThisHost(),
                        new GuardRequest(
                                "wipe",
                                Target.parse("path:" + data),
                                HostView.unconfigured(folder.resolve("state"))
                                        .withDisposable(Set.of("cache"))),
                        recorder(),
                        act());
        now = Window.AFTER;
        String[] moved = mover.join().split(" ", 2);
        if (harm.isEmpty()) {
            harm = harm();
        }
        return new Told(
                seed,
                move,
                Window.valueOf(moved[0]),
                moved[1],
                outcome.getClass().getSimpleName(),
                harm);
    }

    /// Aimed at a window, at a moment within it; where it lands is what counts.
    private String moveInTime() {
        while (now.compareTo(aim) < 0) {
            Thread.onSpinWait();
        }
        long until =
                System.nanoTime()
                        + random.nextLong(
                                switch (aim) {
                                    case FIRST_LOOK, SECOND_LOOK -> 150_000_000L;
                                    case BEFORE_HOLDING, BEFORE_ACT -> 2_000_000L;
                                    case ACT -> 5_000_000L;
                                    case AFTER -> 1_000_000L;
                                });
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        String met;
        try {
            make();
            met = "done";
        } catch (IOException | IllegalStateException e) {
            met = e.getClass().getSimpleName();
        }
        Window landed = now;
        isMoved = true;
        return landed + " " + met;
    }

    private void make() throws IOException {
        switch (move) {
            case OPEN_FILE -> hold("exec 3<\"$1/cache\"");
            case ENTER -> hold("cd \"$1/below\"");
            case LEAVE -> holders.getFirst().destroyForcibly().onExit().join();
            case LINK_FOR_FOLDER -> {
                Files.move(data, folder.resolve("moved"));
                Files.createSymbolicLink(data, live);
            }
            case LIVE_FOR_FOLDER -> {
                Files.move(data, folder.resolve("moved"));
                Files.move(live, data);
            }
            case LINK_FOR_PARENT -> {
                Files.move(host, folder.resolve("moved"));
                Files.createSymbolicLink(host, folder.resolve("other"));
            }
            case BIND_OVER -> mount(data, "--bind", live.toString());
            case BIND_BELOW -> mount(data.resolve("below"), "--bind", live.toString());
            case TMPFS_OVER -> {
                mount(data, "-t", "tmpfs", "none");
                Files.writeString(data.resolve("ibdata1"), "precious");
            }
            case LINK_FOR_HELD_NAME -> {
                Path held = held();
                Files.move(held, folder.resolve("moved"));
                Files.createSymbolicLink(held, live);
            }
        }
    }

    private Path held() throws IOException {
        try (var names = Files.list(host)) {
            return names.filter(name -> name.getFileName().toString().startsWith(".backstay-"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("nothing is held"));
        }
    }

    private void mount(Path point, String... how) throws IOException {
        var words = new ArrayList<>(List.of("mount"));
        words.addAll(List.of(how));
        words.add(point.toString());
        if (Commands.run(words, null, Duration.ofSeconds(60)).exit() != 0) {
            throw new IOException("cannot mount on " + point);
        }
        mounted.add(point);
    }

    /// A process that is in possession when this returns.
    private void hold(String how) throws IOException {
        Process process =
                new ProcessBuilder("sh", "-c", how + " || exit 1; echo; read _", "sh", data + "")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        if (process.getInputStream().read() != '\n') {
            throw new IOException("nothing there to hold");
        }
        holders.add(process);
    }

    private GuardedAct.Recorder recorder() {
        return new GuardedAct.Recorder() {
            @Override
            public void holding(Path held) {
                pass(Window.BEFORE_HOLDING);
                now = Window.SECOND_LOOK;
            }

            @Override
            public void intent(GuardAnswer answer, Path held, Interlock.Kind kind) {
                pass(Window.BEFORE_ACT);
            }
        };
    }

    /// As long as a ledger takes to make an entry durable; as long as the move takes, where it is
    /// aimed here.
    private void pass(Window window) {
        now = window;
        long until = System.nanoTime() + (aim == window ? 10_000_000_000L : 2_000_000L);
        while (System.nanoTime() < until && !isMoved) {
            Thread.onSpinWait();
        }
    }

    private GuardedAct.Act act() {
        return new GuardedAct.Act() {
            @Override
            public boolean isCommand() {
                return true;
            }

            @Override
            public boolean run(Interlock hold) {
                now = Window.ACT;
                if (move == Move.LEAVE && holders.getFirst().isAlive()) {
                    harm = "the wipe began while a process held a file";
                }
                return HeldCommand.start(
                                        hold,
                                        List.of(
                                                "find",
                                                hold.pathInCommand().toString(),
                                                "-mindepth",
                                                "1",
                                                "-delete"),
                                        Map.of("PATH", "/usr/bin:/bin"),
                                        ChildPlan.Streams.NONE)
                                .await()
                        == 0;
            }
        };
    }

    private String harm() throws IOException {
        for (Process holder : holders) {
            for (String possession : List.of("fd/3", "cwd")) {
                Path link = Path.of("/proc/" + holder.pid(), possession);
                if (holder.isAlive()
                        && Files.exists(link, LinkOption.NOFOLLOW_LINKS)
                        && Files.readSymbolicLink(link).toString().endsWith(" (deleted)")) {
                    return "a process holds what is deleted: " + possession;
                }
            }
        }
        if (move == Move.TMPFS_OVER
                && mounted.contains(data)
                && !Files.exists(data.resolve("ibdata1"))
                && now != Window.AFTER) {
            return "what lay on the mounted file system is gone";
        }
        for (Path place :
                List.of(live, data, folder.resolve("moved"), folder.resolve("moved/live"))) {
            Path file = place.resolve("ibdata1");
            if (Files.exists(file) && Files.getAttribute(file, "unix:ino").equals(inode)) {
                return Files.exists(folder.resolve("other/data/ibdata1"))
                        ? ""
                        : "the other live file is gone";
            }
        }
        return "the live file is gone";
    }

    @Override
    public void close() {
        holders.forEach(process -> process.destroyForcibly().onExit().join());
        for (Path point : mounted.reversed()) {
            Commands.run(List.of("umount", "-l", point.toString()), null, Duration.ofSeconds(60));
        }
        // a mount point that was moved with its folder is still mounted under its new name
        try (var lines = Files.lines(Path.of("/proc/self/mounts"))) {
            lines.map(line -> line.split(" ")[1])
                    .filter(point -> point.startsWith(folder + "/"))
                    .toList()
                    .reversed()
                    .forEach(
                            point ->
                                    Commands.run(
                                            List.of("umount", "-l", point),
                                            null,
                                            Duration.ofSeconds(60)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Disk.deleteTree(folder);
    }
}
