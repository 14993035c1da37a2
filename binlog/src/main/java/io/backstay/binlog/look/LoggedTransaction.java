package io.backstay.binlog.look;

import io.backstay.binlog.EventOrigin;
import io.backstay.binlog.Gtid;
import io.backstay.binlog.XaIdentifier;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A transaction while its events are read: what is known of it so far.
///
/// Its time is that of the commit, in microseconds, where the log has it (MySQL from 8.0 on); else
/// the second in which its first statement began. Not safe for use by several threads.
public final class LoggedTransaction {
    private final EventOrigin begin;
    private final Optional<Gtid> gtid;
    private final boolean isStandalone;
    private final Instant time;
    private OptionalLong threadId;
    private @Nullable String statement;
    private boolean isGroup;
    private Ending ending = Ending.OPEN;
    private @Nullable XaIdentifier xa;

    /// How it stands.
    public enum Ending {
        OPEN,
        COMMITTED,
        ROLLED_BACK,
        /// The first half of an XA transaction: the changes count once it is committed.
        PREPARED
    }

    LoggedTransaction(
            EventOrigin begin,
            Optional<Gtid> gtid,
            boolean isStandalone,
            Instant time,
            OptionalLong threadId) {
        this.begin = begin;
        this.gtid = gtid;
        this.isStandalone = isStandalone;
        this.time = time;
        this.threadId = threadId;
    }

    /// Of its first event.
    public EventOrigin begin() {
        return begin;
    }

    /// Empty for an anonymous one.
    public Optional<Gtid> gtid() {
        return gtid;
    }

    public Instant time() {
        return time;
    }

    /// The session; empty where the log does not tell it.
    public OptionalLong threadId() {
        return threadId;
    }

    /// The statement that the row events read last come from, if the source annotates them.
    public Optional<String> statement() {
        return Optional.ofNullable(statement);
    }

    public Ending ending() {
        return ending;
    }

    /// Name of the XA transaction that was prepared, or whose second half this is.
    public Optional<XaIdentifier> xa() {
        return Optional.ofNullable(xa);
    }

    /// Ends by a commit of its own, not with its one statement.
    boolean isGroup() {
        return isGroup;
    }

    boolean isStandalone() {
        return isStandalone;
    }

    void group() {
        isGroup = true;
    }

    void session(long thread) {
        if (threadId.isEmpty()) {
            threadId = OptionalLong.of(thread);
        }
    }

    void annotate(String text) {
        statement = text;
    }

    void end(Ending how) {
        ending = how;
    }

    void prepared(XaIdentifier identifier) {
        xa = identifier;
    }

    /// For messages: the GTID, or the place.
    @Override
    public String toString() {
        return gtid.map(Object::toString).orElseGet(() -> "anonymous at " + begin);
    }
}
