package io.backstay.recovery.fold;

import io.backstay.binlog.ColumnLayout;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.ColumnDefinition;
import io.backstay.mysql.TableDefinition;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// One table's net changes while the log is read.
///
/// First operation gives the image before, last the image after: I+U=I, I+D=nothing, U+U=U, U+D=D,
/// D+I=U; an update that changes the key is D of the old and I of the new key.
final class TableFold {
    private static final String TWICE =
            "a row was %s, although the log says that %s: rows were changed that are not in the log";

    private final TableDefinition definition;
    private final List<ColumnLayout> layouts;
    private final RowLayout layout;
    private final KeyIdentity identity;
    private final CascadeRisk cascade;
    private final List<ColumnText> texts;
    private final boolean[] isLoaded;
    private final NetRows rows = new NetRows();
    private final LongKeys longKeys = new LongKeys();
    private final ByteKeys byteKeys = new ByteKeys();
    private final RowBuffer key = new RowBuffer();
    private final RowBuffer otherKey = new RowBuffer();

    /// @throws TextCodec.UnsupportedColumn if the table cannot be folded; the message says why
    TableFold(TableDefinition definition, List<ColumnLayout> layouts, CascadeRisk cascade)
            throws TextCodec.UnsupportedColumn {
        requirePlainTable(definition);
        if (definition.columns().size() != layouts.size()) {
            throw new TextCodec.UnsupportedColumn(
                    "it has %d columns by its definition and %d in the log"
                            .formatted(definition.columns().size(), layouts.size()));
        }
        this.definition = definition;
        this.layouts = List.copyOf(layouts);
        this.layout = new RowLayout(layouts);
        this.cascade = cascade;
        this.texts = new ArrayList<>();
        this.isLoaded = new boolean[layouts.size()];
        var fieldOfColumn = new int[layouts.size()];
        int fields = 0;
        for (int i = 0; i < layouts.size(); i++) {
            ColumnDefinition column = definition.columns().get(i);
            isLoaded[i] = column.generated() == ColumnDefinition.Generated.NOT;
            fieldOfColumn[i] = isLoaded[i] ? fields++ : -1;
            texts.add(TextCodec.of(column, layouts.get(i)));
        }
        this.identity = KeyIdentity.of(definition, layouts, fieldOfColumn);
    }

    private static void requirePlainTable(TableDefinition definition)
            throws TextCodec.UnsupportedColumn {
        switch (definition.kind()) {
            case BASE_TABLE -> {}
            case SEQUENCE ->
                    throw new TextCodec.UnsupportedColumn(
                            "it is a sequence, which is not supported yet");
            case SYSTEM_VERSIONED ->
                    throw new TextCodec.UnsupportedColumn(
                            "it is system-versioned, which is not supported yet");
            case VIEW -> throw new TextCodec.UnsupportedColumn("it is a view by its definition");
        }
    }

    TableDefinition definition() {
        return definition;
    }

    List<ColumnLayout> layouts() {
        return layouts;
    }

    RowLayout layout() {
        return layout;
    }

    CascadeRisk cascade() {
        return cascade;
    }

    NetRows rows() {
        return rows;
    }

    int keys() {
        return identity.isLong() ? longKeys.size() : byteKeys.size();
    }

    void insert(MemorySegment s, long row, long place) {
        put(findOrAdd(s, row, key), NetRows.ABSENT, place);
    }

    void delete(MemorySegment s, long row, long place) {
        put(findOrAdd(s, row, key), place, NetRows.ABSENT);
    }

    void update(MemorySegment s, long before, long beforePlace, long after, long afterPlace) {
        if (isSameKey(s, before, after)) {
            put(findOrAdd(s, before, key), beforePlace, afterPlace);
        } else {
            delete(s, before, beforePlace);
            insert(s, after, afterPlace);
        }
    }

    private boolean isSameKey(MemorySegment s, long before, long after) {
        if (identity.isLong()) {
            return identity.longOfImage(layout, s, before)
                    == identity.longOfImage(layout, s, after);
        }
        identity.bytesOfImage(layout, s, before, key);
        identity.bytesOfImage(layout, s, after, otherKey);
        return java.util.Arrays.equals(
                key.bytes(), 0, key.length(), otherKey.bytes(), 0, otherKey.length());
    }

    /// @param before ABSENT for an insert
    /// @param after ABSENT for a delete
    private void put(int entry, long before, long after) {
        if (entry == known) {
            known++;
            rows.add(entry, before, after);
            return;
        }
        boolean isThere = rows.after(entry) != NetRows.ABSENT;
        if (isThere != (before != NetRows.ABSENT)) {
            throw new Contradiction(
                    isThere
                            ? TWICE.formatted("inserted", "it was there already")
                            : TWICE.formatted("changed", "it was not there"));
        }
        rows.replaceAfter(entry, after);
    }

    private int known;

    /// The log contradicts itself about a row.
    static final class Contradiction extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Contradiction(String reason) {
            super(reason);
        }
    }

    private int findOrAdd(MemorySegment s, long row, RowBuffer scratch) {
        if (identity.isLong()) {
            return longKeys.findOrAdd(identity.longOfImage(layout, s, row));
        }
        identity.bytesOfImage(layout, s, row, scratch);
        return byteKeys.findOrAdd(scratch.bytes(), scratch.length());
    }

    int findText(byte[] line, int from, int to, RowBuffer scratch) {
        try {
            if (identity.isLong()) {
                return longKeys.find(identity.longOfText(line, from, to));
            }
            identity.bytesOfText(line, from, to, scratch);
        } catch (NumberFormatException e) {
            throw new Problem(
                    ErrorCode.BAD_FILE,
                    "a base row of %s has no number in its primary key: %s"
                            .formatted(definition.name(), e.getMessage()),
                    "verify the archive with `backstay archive verify`.",
                    e);
        }
        return byteKeys.find(scratch.bytes(), scratch.length());
    }

    /// Writes one row image as LOAD DATA text without its line feed.
    void render(MemorySegment s, long row, RowBuffer out) {
        long at = row + layout.nullBytes();
        boolean isFirst = true;
        for (int i = 0; i < layouts.size(); i++) {
            if (isLoaded[i]) {
                if (!isFirst) {
                    out.put('\t');
                }
                isFirst = false;
            }
            if (layout.isNull(s, row, i)) {
                if (isLoaded[i]) {
                    out.putNull();
                }
                continue;
            }
            long end = layout.columnEnd(s, at, i);
            if (isLoaded[i]) {
                long value = at + layouts.get(i).lengthPrefixBytes();
                int from = out.length();
                texts.get(i).write(s, value, (int) (end - value), out);
                out.escape(from);
            }
            at = end;
        }
    }
}
