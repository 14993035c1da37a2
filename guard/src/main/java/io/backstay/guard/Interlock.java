package io.backstay.guard;

import io.backstay.doors.Disk;
import io.backstay.doors.kernel.Descriptor;
import io.backstay.guard.internal.HeldFolder;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/// What is held from the second look until the act has ended, so that nothing can come alive in
/// between.
///
/// Invariants: the folder is known by a name that nobody else was told; locks and leases are taken
/// all or none; whatever is refused leaves the folder under its old name. Not safe for use by
/// several threads.
public final class Interlock implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path original;
    private final Path aside;
    private final HeldFolder held;
    private final GuardAnswer answer;
    private Kind kind = Kind.WINDOWED;
    private String whyWindowed = "the act runs within the guard's own process";

    private Interlock(Path original, Path aside, HeldFolder held, GuardAnswer answer) {
        this.original = original;
        this.aside = aside;
        this.held = held;
        this.answer = answer;
    }

    /// How much of the time until the act's end is covered. `FULL`: the command holds all of the
    /// locks itself, proved in this run. `WINDOWED`: if the guard is killed meanwhile, something
    /// that was held ends, and the act may go on.
    public enum Kind {
        FULL,
        WINDOWED
    }

    public sealed interface Acquired {}

    public record Held(Interlock hold) implements Acquired {}

    /// What the second look found; nothing is held and the folder has its old name.
    public record Refused(GuardAnswer answer) implements Acquired {}

    /// @param cleared a fresh answer to the same request; anything else is a programming error
    /// @param beforeHolding is told the name under which the folder will be held; durable when it
    ///   returns, so that [#putBack] can be told the same name after a kill
    public static Acquired acquire(
            GuardRequest request, GuardAnswer cleared, Consumer<Path> beforeHolding) {
        if (!cleared.isCleared()
                || !cleared.operation().equals(request.operation())
                || !cleared.target().equals(request.target().text())) {
            throw new IllegalArgumentException(
                    "not a clearance of this request: " + cleared.target());
        }
        if (!(request.target() instanceof Target.PathTarget(Path original))) {
            throw new IllegalArgumentException(
                    "only a path can be held: " + request.target().text());
        }
        byte[] nonce = new byte[8];
        RANDOM.nextBytes(nonce);
        Path aside = original.resolveSibling(".backstay-" + HexFormat.of().formatHex(nonce));
        beforeHolding.accept(aside);
        Disk.rename(original, aside);
        boolean keep = false;
        HeldFolder taken = null;
        try {
            GuardRequest again = request.at(new Target.PathTarget(aside));
            switch (HeldFolder.take(aside, request)) {
                case HeldFolder.None(Finding.Blind why) -> {
                    return new Refused(GuardAnswer.refused(cleared, why));
                }
                case HeldFolder.All(HeldFolder all) -> taken = all;
            }
            GuardAnswer second = taken.checkAgain(again).of(cleared.target());
            keep = second.isCleared();
            return keep
                    ? new Held(new Interlock(original, aside, taken, second))
                    : new Refused(second);
        } finally {
            if (!keep) {
                if (taken != null) {
                    taken.close();
                }
                Disk.rename(aside, original);
            }
        }
    }

    /// What became of a folder whose holder was killed before its intent was written.
    public enum Leftover {
        /// It has its own name: it was never renamed, or was renamed back.
        UNDER_ITS_OWN_NAME,
        PUT_BACK,
        /// Something else has its name now: both stay as they are.
        NAME_TAKEN,
        /// It has neither name.
        GONE
    }

    /// Ends the holding of a process that is no more and had written no intent: nothing was
    /// destroyed. Safe to be called again.
    public static Leftover putBack(Path original, Path aside) {
        boolean isHeld = Files.exists(aside, LinkOption.NOFOLLOW_LINKS);
        boolean isNameTaken = Files.exists(original, LinkOption.NOFOLLOW_LINKS);
        if (!isHeld) {
            return isNameTaken ? Leftover.UNDER_ITS_OWN_NAME : Leftover.GONE;
        }
        if (isNameTaken) {
            return Leftover.NAME_TAKEN;
        }
        Disk.rename(aside, original);
        return Leftover.PUT_BACK;
    }

    /// The second look, taken under the held name.
    public GuardAnswer answer() {
        return answer;
    }

    /// The name to act on, and the only one.
    public Path path() {
        return aside;
    }

    /// As far as was seen until now.
    public Kind kind() {
        return kind;
    }

    /// Why it is windowed; empty text if it is full.
    public String whyWindowed() {
        return whyWindowed;
    }

    /// Proves by a control that a command started now inherits all that is held.
    Kind prove() {
        held.whyNotPassedOn()
                .ifPresentOrElse(
                        this::windowed,
                        () -> {
                            kind = Kind.FULL;
                            whyWindowed = "";
                        });
        return kind;
    }

    void windowed(String why) {
        kind = Kind.WINDOWED;
        whyWindowed = why;
    }

    /// What a command must inherit: the folder itself, then each lock.
    List<Descriptor> inheritable() {
        return held.inheritable();
    }

    /// Whether nothing that was taken has been lost since.
    public boolean stillHeld() {
        return Files.notExists(original, LinkOption.NOFOLLOW_LINKS) && held.areLeasesHeld();
    }

    /// Lets go. A folder that the act left in place gets its old name back.
    @Override
    public void close() {
        held.close();
        if (Files.exists(aside, LinkOption.NOFOLLOW_LINKS)) {
            Disk.rename(aside, original);
        }
    }
}
