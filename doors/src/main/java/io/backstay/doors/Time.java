package io.backstay.doors;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/// The clock: the wall's time for people, the boot's time for deadlines.
///
/// Deadlines are held against [#sinceBoot], which no clock jump moves and which goes on during
/// suspend.
public interface Time {

    Instant now();

    /// Time since this kernel booted, suspend included.
    Duration sinceBoot();

    void sleep(Duration duration) throws InterruptedException;

    static Time system() {
        return new Time() {
            @Override
            public Instant now() {
                return Instant.now();
            }

            @Override
            public Duration sinceBoot() {
                String uptimeSeconds = Disk.readText(Path.of("/proc/uptime")).split(" ", 2)[0];
                return Duration.ofMillis((long) (Double.parseDouble(uptimeSeconds) * 1000));
            }

            @Override
            public void sleep(Duration duration) throws InterruptedException {
                Thread.sleep(duration);
            }
        };
    }

    /// Identity of the running boot of this kernel; empty where the kernel does not tell.
    static String bootId() {
        Path file = Path.of("/proc/sys/kernel/random/boot_id");
        return Files.isReadable(file) ? Disk.readText(file).strip() : "";
    }
}
