package io.backstay.binlog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Gives a table a number for the rows events behind it, and the layout of their row images.
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 6 | `tableId` |
/// | 6 | 2 | flags |
/// | 8 | 1 + n + 1 | `schema`: length, text, zero |
/// | then | 1 + n + 1 | `table`: length, text, zero |
/// | then | packed | column count |
/// | then | count | column type codes |
/// | then | packed + n | column metadata, 0 to 2 bytes a column, see [ColumnType] |
/// | then | (count+7)/8 | which columns may be NULL |
/// | then | rest | optional metadata, see [TableMetadata] |
///
/// Source: MySQL internals manual, `TABLE_MAP_EVENT`; MariaDB knowledge base, "TABLE_MAP_EVENT".
///
/// @param nullable a bit for each column that may be NULL
public record TableMapEvent(
        long tableId,
        String schema,
        String table,
        List<ColumnLayout> columns,
        BitSet nullable,
        TableMetadata metadata)
        implements BinlogEvent {

    public TableMapEvent {
        columns = List.copyOf(columns);
    }

    static TableMapEvent decode(EventBody body, Flavour flavour) {
        long id = body.uint48("TableMapEvent.tableId");
        body.skip("TableMapEvent.flags", 2);
        String schema = name(body, "TableMapEvent.schema");
        String table = name(body, "TableMapEvent.table");
        long count = body.packedInteger("TableMapEvent.columnCount");
        byte[] types = body.bytes("TableMapEvent.columnTypes", count);
        long metadataLength = body.packedInteger("TableMapEvent.metadataLength");
        long after = body.remaining() - metadataLength;
        var columns = new ArrayList<ColumnLayout>();
        for (int i = 0; i < count; i++) {
            columns.add(ColumnLayout.decode(types[i] & 0xFF, body));
        }
        if (body.remaining() != after) {
            throw body.damaged(
                    "TableMapEvent.metadata",
                    DamagedBinlogException.bytes(metadataLength),
                    Long.toString(metadataLength + after - body.remaining()));
        }
        BitSet nullable = BitSet.valueOf(body.bytes("TableMapEvent.nullable", (count + 7) / 8));
        return new TableMapEvent(
                id, schema, table, columns, nullable, TableMetadata.decode(body, columns, flavour));
    }

    private static String name(EventBody body, String field) {
        String name = body.text(field, body.uint8(field), StandardCharsets.UTF_8);
        body.skip(field, 1);
        return name;
    }
}
