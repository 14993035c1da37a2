package io.backstay.doors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// One process of one boot. A pid alone is no identity: pids are used again.
///
/// @param startTicks field 22 of `/proc/PID/stat`, clock ticks after boot (proc(5))
public record ProcessIdentity(String bootId, long pid, long startTicks) {

    /// The identity of a running process; empty if there is none with this pid, or only a zombie.
    ///
    /// A zombie whose other threads are still going away counts as running: it holds its files,
    /// sockets and locks until the last of them is gone.
    public static Optional<ProcessIdentity> of(long pid) {
        String stat;
        try {
            stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        } catch (IOException e) {
            return Optional.empty();
        }
        // comm, field 2, may hold blanks and parentheses: fields are counted from behind the last
        // one
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        boolean isZombie = fields[0].equals("Z") || fields[0].equals("X");
        if (isZombie && Integer.parseInt(fields[17]) <= 1) {
            return Optional.empty();
        }
        return Optional.of(new ProcessIdentity(Time.bootId(), pid, Long.parseLong(fields[19])));
    }

    public boolean isAlive() {
        return of(pid).filter(this::equals).isPresent();
    }

    /// Sends a signal to exactly this process, never to a later one with the same pid.
    ///
    /// @return false if it was gone already
    public boolean signal(Signal signal) {
        try (Pidfd pidfd = Pidfd.open(pid)) {
            // the descriptor is pinned first, then the identity is looked at: no gap for pid reuse
            return isAlive() && pidfd.send(signal.number());
        } catch (NoSuchProcessException e) {
            return false;
        }
    }

    public enum Signal {
        TERM(15),
        KILL(9),
        STOP(19),
        CONTINUE(18);

        private final int number;

        Signal(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    static final class NoSuchProcessException extends Exception {
        private static final long serialVersionUID = 1L;
    }
}
