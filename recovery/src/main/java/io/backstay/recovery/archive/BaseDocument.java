package io.backstay.recovery.archive;

import io.backstay.mysql.TableDefinition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The table of contents of a base: one consistent copy of a server at a known position.
///
/// The part is UTF-8 JSON of this record; unknown fields are refused. Bytes of SQL that are not
/// UTF-8 cannot occur: the server hands out definitions as utf8mb4.
///
/// @param schemas in alphabetical order
/// @param tables in alphabetical order; foreign keys are added when all are loaded
/// @param programs views, sequences, routines, triggers, events, in the order to create them
/// @param accounts statements that make the accounts and their grants, in order
/// @param warnings what this base does not hold, by name
public record BaseDocument(
        int formatVersion,
        String id,
        Source source,
        Lock lock,
        List<Schema> schemas,
        List<Table> tables,
        List<Program> programs,
        List<String> accounts,
        List<String> warnings) {
    public static final int FORMAT_VERSION = 1;

    /// [Source#lowerCaseTableNames] of an imported base without capitals in its names.
    public static final int CASE_SETTING_UNKNOWN = -1;

    /// The server at the snapshot.
    ///
    /// @param gtid last GTID of every domain of all that is in the snapshot, ordered by domain
    /// @param gtidBinlogState `@@gtid_binlog_state`: last GTID of every domain and server id
    /// @param gtidSlavePos `@@gtid_slave_pos`; empty text where it never was a replica
    /// @param file its own binary log; empty where it has none
    /// @param serverId 0 if an imported base and its log do not say it
    /// @param lowerCaseTableNames or [#CASE_SETTING_UNKNOWN]: then every target will do
    /// @param characterSetServer empty text for an imported base, as is the next
    public record Source(
            String version,
            long serverId,
            Instant at,
            String gtid,
            String gtidBinlogState,
            String gtidSlavePos,
            String file,
            long position,
            int lowerCaseTableNames,
            String characterSetServer,
            String collationServer) {}

    /// What held writers up, and for how long; -1 if that is not known.
    public record Lock(String kind, long heldMicros) {}

    public record Schema(String name, String createSql) {}

    /// @param columns all, in the order of the table
    /// @param primaryKey column names in key order; empty if there is none
    /// @param definition the same and foreign keys, as the fold wants it
    /// @param autoIncrement next value; null if there is none
    /// @param rows in all chunks
    /// @param digest of all rows, as [RowDigest] prints it
    public record Table(
            String schema,
            String name,
            String engine,
            String createSql,
            List<Column> columns,
            List<String> primaryKey,
            TableDefinition definition,
            @Nullable String autoIncrement,
            long rows,
            String digest,
            List<Chunk> chunks) {
        /// The same table with these chunks, and the rows and digest that follow from them.
        public Table with(List<Chunk> all) {
            var sum = new RowDigest();
            all.forEach(chunk -> sum.add(RowDigest.parse(chunk.digest())));
            return new Table(
                    schema,
                    name,
                    engine,
                    createSql,
                    columns,
                    primaryKey,
                    definition,
                    autoIncrement,
                    sum.rows(),
                    sum.toString(),
                    all);
        }

        /// `schema.table`, for people.
        public String qualifiedName() {
            return schema + "." + name;
        }
    }

    /// @param dataType as `information_schema.COLUMNS.DATA_TYPE`: `int`, `varchar`
    /// @param columnType as `COLUMN_TYPE`: `int(10) unsigned`
    /// @param generated computed by the server, so neither in chunks nor loaded
    public record Column(String name, String dataType, String columnType, boolean generated) {}

    /// @param textBytes LOAD DATA text, uncompressed
    public record Chunk(PartEntry part, long rows, long textBytes, String digest) {}

    /// @param kind `VIEW`, `SEQUENCE`, `PROCEDURE`, `FUNCTION`, `PACKAGE`, `PACKAGE BODY`,
    ///   `TRIGGER`, `EVENT`
    /// @param sqlMode the session's when it was made; null where it has none
    /// @param characterSet client character set when it was made; null where it has none
    /// @param collation connection collation when it was made; null where it has none
    /// @param timeZone of an event; null else
    /// @param state of an event: `ENABLED`, `DISABLED`, `SLAVESIDE_DISABLED`; value of a sequence;
    ///   null else
    public record Program(
            String kind,
            String schema,
            String name,
            String createSql,
            @Nullable String sqlMode,
            @Nullable String characterSet,
            @Nullable String collation,
            @Nullable String timeZone,
            @Nullable String state) {}
}
