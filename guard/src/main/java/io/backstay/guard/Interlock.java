package io.backstay.guard;

import io.backstay.doors.Disk;
import io.backstay.doors.kernel.Descriptor;
import io.backstay.guard.internal.HeldDevice;
import io.backstay.guard.internal.HeldTarget;
import io.backstay.guard.internal.HostGuard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// What is held from the second look until the act has ended, so that nothing can come alive in
/// between.
///
/// Invariants: a folder is known by a name that nobody else was told, a device or a mount point by
/// an open descriptor; locks, leases and claims are taken all or none; whatever is refused leaves
/// the folder under its old name. Not safe for use by several threads.
public final class Interlock implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path original;
    private final Path aside;
    private final HeldTarget held;
    private final GuardAnswer answer;
    private Kind kind = Kind.WINDOWED;
    private boolean isToBeHandedOver;
    private String whyWindowed = "the act runs within the guard's own process";

    private Interlock(Path original, Path aside, HeldTarget held, GuardAnswer answer) {
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

    static Acquired acquire(
            GuardRequest request, GuardAnswer cleared, Consumer<Path> beforeHolding) {
        return acquire(request, cleared, HostGuard.BUDGET, beforeHolding);
    }

    /// @param cleared a fresh answer to the same request; anything else is a programming error
    /// @param budget how long the second look may take
    /// @param beforeHolding is told the name under which the target will be held; durable when it
    ///   returns, so that [#putBack] can be told the same name after a kill
    public static Acquired acquire(
            GuardRequest request,
            GuardAnswer cleared,
            Duration budget,
            Consumer<Path> beforeHolding) {
        if (!cleared.isCleared()
                || !cleared.operation().equals(request.operation())
                || !cleared.target().equals(request.target().text())) {
            throw new IllegalArgumentException(
                    "not a clearance of this request: " + cleared.target());
        }
        Path original;
        boolean isRenamed;
        switch (request.target()) {
            case Target.PathTarget(Path folder) -> {
                original = folder;
                isRenamed = !isMountPoint(folder);
            }
            case Target.DeviceTarget(String device) -> {
                original = Path.of(device);
                isRenamed = false;
            }
            case Target.HostTarget _ -> {
                return new Refused(
                        GuardAnswer.refused(
                                cleared,
                                new Finding.Blind(
                                        "interlock",
                                        "a whole host cannot be held from within",
                                        "use `guard consent`, and act at once")));
            }
        }
        Path aside = isRenamed ? original.resolveSibling(freshName()) : original;
        beforeHolding.accept(aside);
        if (isRenamed) {
            try {
                Disk.rename(original, aside);
            } catch (UncheckedIOException e) {
                return new Refused(GuardAnswer.refused(cleared, notHeld(e)));
            }
        }
        Acquired acquired;
        try {
            acquired = take(request, cleared, budget, original, aside);
        } catch (RuntimeException e) {
            if (isRenamed) {
                Disk.rename(aside, original);
            }
            throw e;
        }
        return acquired instanceof Refused(GuardAnswer why) && isRenamed
                ? new Refused(givenBack(original, aside, why))
                : acquired;
    }

    private static Acquired take(
            GuardRequest request, GuardAnswer cleared, Duration budget, Path original, Path aside) {
        HeldTarget taken;
        switch (HeldTarget.take(aside, request)) {
            case HeldTarget.None(Finding.Blind why) -> {
                return new Refused(GuardAnswer.refused(cleared, why));
            }
            case HeldTarget.All(HeldTarget all) -> taken = all;
        }
        boolean keep = false;
        try {
            GuardRequest again =
                    aside.equals(original) ? request : request.at(new Target.PathTarget(aside));
            GuardAnswer second = taken.checkAgain(again, budget).of(cleared.target());
            keep = second.isCleared();
            return keep
                    ? new Held(new Interlock(original, aside, taken, second))
                    : new Refused(second);
        } finally {
            if (!keep) {
                taken.close();
            }
        }
    }

    /// Somebody who swaps names meanwhile may have taken either of them: that is said, and nothing
    /// of theirs is touched.
    private static GuardAnswer givenBack(Path original, Path aside, GuardAnswer why) {
        String fault;
        try {
            fault =
                    switch (putBack(original, aside)) {
                        case UNDER_ITS_OWN_NAME, PUT_BACK -> "";
                        case NAME_TAKEN -> "something else has its name now";
                        case GONE -> "it has neither name";
                    };
        } catch (UncheckedIOException e) {
            fault = String.valueOf(e.getMessage());
        }
        if (fault.isEmpty()) {
            return why;
        }
        return GuardAnswer.refused(
                why,
                new Finding.Blind(
                        "interlock",
                        "the folder was held as %s and could not be given its name back: %s"
                                .formatted(aside, fault),
                        "look at both names, and give it its own by hand"));
    }

    private static String freshName() {
        byte[] nonce = new byte[8];
        RANDOM.nextBytes(nonce);
        return ".backstay-" + HexFormat.of().formatHex(nonce);
    }

    private static Finding.Blind notHeld(UncheckedIOException e) {
        return new Finding.Blind(
                "interlock",
                "the folder could not be set aside under another name: " + e.getCause(),
                "look what was mounted on it or put in its place meanwhile");
    }

    /// One cannot be renamed, and is held by its descriptor instead.
    private static boolean isMountPoint(Path folder) {
        try {
            return !Files.getAttribute(folder, "unix:dev", LinkOption.NOFOLLOW_LINKS)
                    .equals(Files.getAttribute(folder.resolve(".."), "unix:dev"));
        } catch (IOException e) {
            return false; // the rename will say what is wrong with it
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
        if (aside.equals(original)) {
            return Leftover.UNDER_ITS_OWN_NAME; // a mount point was never renamed
        }
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

    /// The name it has in its folder meanwhile; its own if it is a mount point or a device.
    Path name() {
        return aside;
    }

    /// The name for this process to act on, and the only one. Of a mount point or a device, it
    /// leads to what had the name when it was looked at.
    public Path path() {
        return isRenamed() ? aside : held.nameHere();
    }

    /// The name that a command is given in the place of `{target}`.
    public Path pathInCommand() {
        return isRenamed() ? aside : held.nameInCommand();
    }

    private boolean isRenamed() {
        return !aside.equals(original);
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
    ///
    /// @param handsOver the command claims its device for itself, which only works once the claim
    ///   that is held has ended: [#beforeStart] ends it
    Kind prove(boolean handsOver) {
        isToBeHandedOver = handsOver;
        whyNotFull()
                .ifPresentOrElse(
                        this::windowed,
                        () -> {
                            kind = Kind.FULL;
                            whyWindowed = "";
                        });
        return kind;
    }

    private Optional<String> whyNotFull() {
        if (isToBeHandedOver) {
            // a control all the same: a start that is not the first one is quicker
            Optional<String> fault = held.whyNotPassedOn();
            return fault.isPresent()
                    ? fault
                    : Optional.of(
                            "the claim ends as the command starts, which claims the device for itself: who"
                                    + " claims it in between has it");
        }
        return isRenamed() || held instanceof HeldDevice
                ? held.whyNotPassedOn()
                : Optional.of("a mount point keeps its name: who starts meanwhile can use it");
    }

    void beforeStart() {
        if (isToBeHandedOver) {
            held.handOver();
        }
    }

    void windowed(String why) {
        kind = Kind.WINDOWED;
        whyWindowed = why;
    }

    /// What a command must inherit: the target itself, then each lock.
    List<Descriptor> inheritable() {
        return held.inheritable(isToBeHandedOver);
    }

    /// Whether nothing that was taken has been lost since.
    public boolean stillHeld() {
        return (!isRenamed() || Files.notExists(original, LinkOption.NOFOLLOW_LINKS))
                && held.isHeld();
    }

    String loss() {
        return held.loss();
    }

    /// Whether the name to act on leads to the very target that was looked at. Only before the act:
    /// a wipe may make it anew.
    boolean isUntouched() {
        return held.isAt(aside);
    }

    /// Lets go. A folder that the act left in place gets its old name back.
    @Override
    public void close() {
        held.close();
        if (isRenamed() && Files.exists(aside, LinkOption.NOFOLLOW_LINKS)) {
            Disk.rename(aside, original);
        }
    }
}
