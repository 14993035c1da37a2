package io.backstay.guard;

import io.backstay.doors.Disk;
import io.backstay.lab.Accounts;
import io.backstay.lab.LabServer;
import io.backstay.lab.RunFile;
import io.backstay.lab.ServerBinaries;
import io.backstay.lab.ServerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// A folder for one test's hosts; servers, processes and files in it are gone on close.
final class GuardLab implements AutoCloseable {
    final Accounts accounts = Accounts.random();
    final Path folder;
    private final RunFile runFile;
    private final Deque<Process> processes = new ArrayDeque<>();
    private final int subnet;

    /// @param subnet third number of the addresses, one a test class
    GuardLab(int subnet) {
        this.subnet = subnet;
        try {
            folder = Files.createTempDirectory("guard").toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        runFile = RunFile.open(folder.resolve("run.json"));
        Disk.folder(folder.resolve("state"));
    }

    Path data(int host) {
        return Disk.folder(folder.resolve("host" + host).resolve("data"));
    }

    String address(int host) {
        return "127.33.%d.%d".formatted(subnet, host);
    }

    ServerBinaries binaries() {
        return ServerBinaries.require("10.11.5", ServerBinaries.home());
    }

    ServerSettings settings(int host) {
        return ServerSettings.of(
                        binaries(),
                        data(host),
                        folder.resolve("host" + host).resolve("run"),
                        address(host),
                        subnet * 100 + host,
                        accounts)
                .withDomainId(subnet);
    }

    LabServer started(int host) {
        return new LabServer(settings(host), runFile).initialise().start();
    }

    LabServer server(int host) {
        return new LabServer(settings(host), runFile);
    }

    HostView view(int host) {
        return HostView.unconfigured(folder.resolve("state")).withAddresses(Set.of(address(host)));
    }

    GuardAnswer wipe(int host) {
        return wipe(data(host), view(host));
    }

    GuardAnswer wipe(Path target, HostView view) {
        return Guard.ofThisHost()
                .check(new GuardRequest("wipe", Target.parse("path:" + target), view));
    }

    Process start(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        processes.push(process);
        return process;
    }

    static void await(String what, BooleanSupplier isTrue) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!isTrue.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within 30 s: " + what);
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        while (!processes.isEmpty()) {
            Process process = processes.pop();
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().join();
        }
        runFile.sweep();
        runFile.close();
        Disk.deleteTree(folder);
    }
}
