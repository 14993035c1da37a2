package io.backstay.recovery.fold;

import io.backstay.binlog.Gtid;
import io.backstay.binlog.RowsEvent;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The events of the tables that left the fold, transaction by transaction, in the order of the
/// log. Two numbers an event: the bytes stay in the stretches. Readable once the log was read.
public final class OrderedLog {
    private static final int ROWS = 0;
    private static final int ROWS_WITH_FOREIGN_KEYS = 1;
    private static final int SETTING = 2;
    private static final int STATEMENT = 3;
    private static final int KIND_BITS = 4;

    private final List<LogStretch> stretches;
    private final List<Head> heads = new ArrayList<>();
    private final List<StatementMeaning> meanings = new ArrayList<>();
    private long[] events = new long[64];
    private long[] maps = new long[64];
    private int size;
    private long rowEvents;
    private long statements;
    private boolean hasTemporaryTables;

    private record Head(Gtid gtid, int from, boolean isRolledBack, int stretch) {}

    /// @param isRolledBack it ended with ROLLBACK; it is in the log for what cannot be rolled back
    /// @param format the format description its events go by, as bytes of the log
    public record Transaction(
            Gtid gtid, List<OrderedEvent> events, boolean isRolledBack, MemorySegment format) {}

    /// Without an event.
    public static OrderedLog none() {
        return new OrderedLog(List.of());
    }

    OrderedLog(List<LogStretch> stretches) {
        this.stretches = stretches;
    }

    /// A file begins: where there are temporary tables, it must be known in order, since the server
    /// may have been started anew, and they are gone then.
    void beginStretch(int stretch) {
        if (hasTemporaryTables) {
            heads.add(new Head(heads.getLast().gtid, size, false, stretch));
        }
    }

    void begin(Gtid gtid, boolean isRolledBack, int stretch) {
        heads.add(new Head(gtid, size, isRolledBack, stretch));
    }

    /// What foreign keys changed is not done again where the log says that it has it.
    void addRows(OpenTransaction.Rows rows, boolean keepsForeignKeys) {
        rowEvents++;
        boolean isLogged = (rows.flags() & RowsEvent.FLAG_FOREIGN_KEYS_LOGGED) != 0;
        add(
                keepsForeignKeys && !isLogged ? ROWS_WITH_FOREIGN_KEYS : ROWS,
                NetRows.place(rows.stretch(), rows.eventOffset()),
                NetRows.place(rows.stretch(), rows.table().eventOffset()));
    }

    void addSetting(OpenTransaction.Setting setting) {
        add(SETTING, NetRows.place(setting.stretch(), setting.eventOffset()), 0);
    }

    void addStatement(OpenTransaction.Statement statement) {
        statements++;
        hasTemporaryTables |= Statements.isTemporary(statement.sql().text());
        add(
                STATEMENT,
                NetRows.place(statement.stretch(), statement.eventOffset()),
                meanings.size());
        meanings.add(statement.meaning());
    }

    private void add(int kind, long place, long map) {
        if (size == events.length) {
            events = Arrays.copyOf(events, 2 * size);
            maps = Arrays.copyOf(maps, 2 * size);
        }
        events[size] = (place << KIND_BITS) | kind;
        maps[size++] = map;
    }

    public int transactions() {
        return heads.size();
    }

    public long rowEvents() {
        return rowEvents;
    }

    public long statements() {
        return statements;
    }

    /// What one session cannot hand on to another: it must be executed without a break.
    public boolean hasTemporaryTables() {
        return hasTemporaryTables;
    }

    public boolean isEmpty() {
        return heads.isEmpty();
    }

    /// @param number from 0
    public Transaction transaction(int number) {
        Head head = heads.get(number);
        int to = number + 1 < heads.size() ? heads.get(number + 1).from : size;
        var all = new ArrayList<OrderedEvent>(to - head.from);
        for (int i = head.from; i < to; i++) {
            all.add(event(i));
        }
        return new Transaction(
                head.gtid, all, head.isRolledBack, format(stretches.get(head.stretch).bytes()));
    }

    private OrderedEvent event(int i) {
        long place = events[i] >>> KIND_BITS;
        LogStretch stretch = stretches.get(NetRows.stretchOf(place));
        long offset = NetRows.offsetOf(place);
        MemorySegment bytes = whole(stretch.bytes(), offset);
        int kind = (int) (events[i] & ((1 << KIND_BITS) - 1));
        return switch (kind) {
            case ROWS, ROWS_WITH_FOREIGN_KEYS ->
                    new OrderedEvent.Rows(
                            whole(stretch.bytes(), NetRows.offsetOf(maps[i])),
                            bytes,
                            kind == ROWS_WITH_FOREIGN_KEYS);
            case SETTING -> new OrderedEvent.Setting(bytes);
            case STATEMENT ->
                    new OrderedEvent.Statement(
                            bytes, meanings.get((int) maps[i]), stretch.file(), offset);
            default -> throw new IllegalStateException("kind " + kind);
        };
    }

    private static MemorySegment format(MemorySegment stretch) {
        boolean hasMagic = Bytes.little(stretch, 0, 4) == 0x6E69_62FEL;
        return whole(stretch, hasMagic ? 4 : 0);
    }

    private static MemorySegment whole(MemorySegment stretch, long offset) {
        return stretch.asSlice(offset, Bytes.little(stretch, offset + 9, 4));
    }
}
