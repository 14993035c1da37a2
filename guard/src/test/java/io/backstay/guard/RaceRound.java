package io.backstay.guard;

import io.backstay.doors.Commands;
import io.backstay.doors.Disk;
import io.backstay.doors.kernel.ChildPlan;
import io.backstay.guard.RaceWindows.Window;
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

/// One seed of the race: a folder that may be wiped, live data beside it, and one move against it.
///
/// ```
/// host/data: cache (disposable), below/     host/live: ibdata1     other/data: ibdata1
/// ```
final class RaceRound implements AutoCloseable {
    private final long seed;
    private final RaceMove move;
    private final RaceWindows windows;
    private final Path folder;
    private final Path host;
    private final Path data;
    private final Path live;
    private final Object inode;
    private final List<Process> holders = new ArrayList<>();
    private final List<Path> mounted = new ArrayList<>();
    private final RaceServer server;
    private final boolean isGatedWithin;
    private volatile String harm = "";

    RaceRound(long seed, RaceMove move) throws IOException {
        this.seed = seed;
        this.move = move;
        var random = new Random(seed);
        isGatedWithin = random.nextBoolean();
        windows = new RaceWindows(RaceWindows.aimOf(seed, move), random);
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
        server = new RaceServer(data, folder.resolve("run"));
    }

    RaceTold run() throws IOException {
        switch (move) {
            case LEAVE -> hold("exec 3<\"$1/cache\"");
            case STOP_SERVER -> server.start();
            default -> {}
        }
        var mover = windows.begin(this::make);
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
        windows.enter(Window.AFTER);
        RaceWindows.Landed landed = mover.join();
        for (String found : List.of(server.harm(), harm())) {
            harm = harm.isEmpty() ? found : harm;
        }
        String end = outcome.getClass().getSimpleName();
        return new RaceTold(seed, move, landed.window(), landed.met(), end, harm);
    }

    private void make() throws IOException {
        switch (move) {
            case OPEN_FILE -> hold("exec 3<\"$1/cache\"");
            case ENTER -> hold("cd \"$1/below\"");
            case LEAVE -> RaceWindows.end(holders.getFirst());
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
            case START_SERVER -> server.start();
            case STOP_SERVER -> server.kill();
            case PAIR -> throw new IllegalStateException("two folders are needed");
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
                windows.pass(Window.BEFORE_HOLDING);
                windows.enter(Window.SECOND_LOOK);
            }

            @Override
            public void intent(GuardAnswer answer, Path held, Interlock.Kind kind) {
                windows.pass(Window.BEFORE_ACT);
            }
        };
    }

    private GuardedAct.Act act() {
        return new GuardedAct.Act() {
            @Override
            public boolean isCommand() {
                return true;
            }

            @Override
            public boolean run(Interlock hold) throws IOException {
                if (move == RaceMove.LEAVE && holders.getFirst().isAlive()) {
                    harm = "the wipe began while a process held a file";
                }
                if (windows.isAimedAt(Window.ACT) && isGatedWithin) {
                    return wipeInTwoSteps(hold);
                }
                windows.pass(Window.ACT);
                return command(hold, "exec find \"$1\" -mindepth 1 -delete").await() == 0;
            }
        };
    }

    private HeldCommand command(Interlock hold, String script) {
        return HeldCommand.start(
                hold,
                List.of(
                        "sh",
                        "-c",
                        script,
                        "sh",
                        hold.pathInCommand().toString(),
                        folder.resolve("gate").toString()),
                Map.of("PATH", "/usr/bin:/bin"),
                ChildPlan.Streams.NONE);
    }

    /// The move comes when the first file is gone and the rest is not.
    private boolean wipeInTwoSteps(Interlock hold) throws IOException {
        Commands.run(
                List.of("mkfifo", folder.resolve("gate").toString()), null, Duration.ofSeconds(60));
        HeldCommand command =
                command(
                        hold,
                        "rm -f \"$1/cache\"; read -r _ < \"$2\"; find \"$1\" -mindepth 1 -delete");
        // opening it waits for the command to be there
        try (var gate = Files.newOutputStream(folder.resolve("gate"))) {
            windows.pass(Window.ACT);
            gate.write('\n');
        }
        return command.await() == 0;
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
        if (move == RaceMove.TMPFS_OVER
                && mounted.contains(data)
                && !Files.exists(data.resolve("ibdata1"))) {
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
        server.close();
        holders.forEach(RaceWindows::end);
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
