package io.backstay.recovery.restore;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.recovery.archive.BaseDocument.Table;

/// What the log after a base amounts to, table by table.
interface NetLog extends AutoCloseable {
    /// Whether any row of the table changed.
    boolean touches(Table table);

    /// The net changes of one table, for one stream.
    LoadStream.Merge open(Table table);

    /// Last GTID of every domain and server of the transactions that are in.
    MariaDbGtidState seen();

    long transactions();

    long rowEvents();

    @Override
    void close();

    /// The log of a base alone.
    NetLog NONE =
            new NetLog() {
                @Override
                public boolean touches(Table table) {
                    return false;
                }

                @Override
                public LoadStream.Merge open(Table table) {
                    return LoadStream.Merge.NONE;
                }

                @Override
                public MariaDbGtidState seen() {
                    return MariaDbGtidState.EMPTY;
                }

                @Override
                public void close() {}

                @Override
                public long transactions() {
                    return 0;
                }

                @Override
                public long rowEvents() {
                    return 0;
                }
            };
}
