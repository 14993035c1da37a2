package io.backstay.binlog.look;

import io.backstay.binlog.AnnotateRowsEvent;
import io.backstay.binlog.BinlogCheckpointEvent;
import io.backstay.binlog.BinlogEvent;
import io.backstay.binlog.FormatDescriptionEvent;
import io.backstay.binlog.GroupReplicationEvent;
import io.backstay.binlog.GtidEvent;
import io.backstay.binlog.GtidListEvent;
import io.backstay.binlog.HeartbeatEvent;
import io.backstay.binlog.IncidentEvent;
import io.backstay.binlog.MySqlGtidEvent;
import io.backstay.binlog.OpaqueEvent;
import io.backstay.binlog.PreviousGtidsEvent;
import io.backstay.binlog.QueryEvent;
import io.backstay.binlog.RotateEvent;
import io.backstay.binlog.RowsEvent;
import io.backstay.binlog.StartEncryptionEvent;
import io.backstay.binlog.StatementEvent;
import io.backstay.binlog.TableMapEvent;
import io.backstay.binlog.TransactionPayloadEvent;
import io.backstay.binlog.XaPrepareEvent;
import io.backstay.binlog.XidEvent;
import io.backstay.binlog.value.UserVariableText;

/// What an event says, on one line.
public final class EventText {
    private EventText() {}

    public static String of(BinlogEvent event) {
        return switch (event) {
            case FormatDescriptionEvent e ->
                    "server %s, checksum %s".formatted(e.serverVersion(), e.checksum());
            case RotateEvent e -> "next %s:%d".formatted(e.nextFile(), e.position());
            case GtidEvent e -> gtid(e);
            case MySqlGtidEvent e ->
                    e.gtid().map(Object::toString).orElse("anonymous")
                            + (e.sequenceNumber() == 0
                                    ? ""
                                    : " clock %d after %d"
                                            .formatted(e.sequenceNumber(), e.lastCommitted()));
            case GtidListEvent e -> "[" + e.state() + "]";
            case PreviousGtidsEvent e -> "[" + e.set() + "]";
            case QueryEvent e -> query(e);
            case StatementEvent e -> statement(e);
            case XidEvent e -> "COMMIT xid " + Long.toUnsignedString(e.xid());
            case XaPrepareEvent e -> (e.isOnePhase() ? "one phase " : "prepare ") + e.identifier();
            case TableMapEvent e ->
                    "%d is %s.%s, %d columns"
                            .formatted(e.tableId(), e.schema(), e.table(), e.columns().size());
            case RowsEvent e -> rows(e);
            case AnnotateRowsEvent e -> StatementKind.shown(e.statement());
            case TransactionPayloadEvent e ->
                    "%d bytes of events in %d bytes"
                            .formatted(e.eventsBytes(), e.payloadEnd() - e.payloadOffset());
            case IncidentEvent e -> "incident %d: %s".formatted(e.number(), e.message());
            case HeartbeatEvent e -> "at %s:%d".formatted(e.file(), e.position());
            case GroupReplicationEvent.TransactionContext e ->
                    "thread %d, %d items written".formatted(e.threadId(), e.writeSet().size());
            case GroupReplicationEvent.ViewChange e -> "view " + e.view();
            case StartEncryptionEvent e -> "key version " + e.keyVersion();
            case BinlogCheckpointEvent e -> e.file();
            case OpaqueEvent _ -> "";
        };
    }

    private static String gtid(GtidEvent event) {
        var text = new StringBuilder(event.gtid().toString());
        text.append(event.isStandalone() ? " standalone" : "");
        text.append(event.isDdl() ? " definition" : "");
        event.xa().ifPresent(xa -> text.append(" XA ").append(xa));
        event.threadId().ifPresent(thread -> text.append(" thread ").append(thread));
        return text.toString();
    }

    private static String query(QueryEvent event) {
        return "thread %d%s: %s%s"
                .formatted(
                        event.threadId(),
                        event.database().isEmpty() ? "" : " in " + event.database(),
                        StatementKind.shown(event.statement()),
                        event.errorCode() == 0 ? "" : " (error " + event.errorCode() + ")");
    }

    private static String statement(StatementEvent event) {
        return switch (event) {
            case StatementEvent.Intvar e ->
                    (e.isLastInsertId() ? "LAST_INSERT_ID=" : "INSERT_ID=")
                            + Long.toUnsignedString(e.value());
            case StatementEvent.Rand e ->
                    "seeds %s,%s"
                            .formatted(
                                    Long.toUnsignedString(e.seed1()),
                                    Long.toUnsignedString(e.seed2()));
            case StatementEvent.UserVariable e ->
                    "@" + e.name() + "=" + UserVariableText.of(e).shown();
            case StatementEvent.LoadBlock e ->
                    "file %d, %d bytes".formatted(e.fileId(), e.content().byteSize());
            case StatementEvent.DeleteFile e -> "file " + e.fileId();
            case StatementEvent.ExecuteLoad e ->
                    "file %d, thread %d: %s"
                            .formatted(
                                    e.fileId(), e.threadId(), StatementKind.shown(e.statement()));
        };
    }

    private static String rows(RowsEvent event) {
        var text = new StringBuilder("table " + event.tableId());
        text.append(event.isFull() ? "" : ", images lack columns");
        event.partition().ifPresent(partition -> text.append(", partition ").append(partition));
        event.sourcePartition().ifPresent(source -> text.append(" from ").append(source));
        text.append(
                (event.flags() & RowsEvent.FLAG_NO_FOREIGN_KEY_CHECKS) != 0
                        ? ", no foreign key checks"
                        : "");
        text.append((event.flags() & RowsEvent.FLAG_STATEMENT_END) != 0 ? ", statement ends" : "");
        return text.toString();
    }
}
