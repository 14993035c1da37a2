package io.backstay.recovery.restore;

import io.backstay.binlog.GtidSet;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.binlog.MySqlGtidSet;
import io.backstay.mysql.Flavour;
import io.backstay.mysql.ServerVersion;
import io.backstay.mysql.TableDefinition;
import io.backstay.mysql.TableName;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.fold.EarlierStatement;
import io.backstay.recovery.fold.FoldRequest;
import io.backstay.recovery.fold.FoldStop;
import io.backstay.recovery.fold.StoredProgram;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a fold starts from, by the base's table of contents.
public final class FoldStart {
    private FoldStart() {}

    /// All that a base has, of either flavour.
    public static GtidSet all(BaseDocument base) {
        return ServerVersion.parse(base.source().version()).flavour() == Flavour.MYSQL
                ? MySqlGtidSet.parse(base.source().gtid())
                : state(base);
    }

    /// All that a base of MariaDB has, per domain and server; nothing of a base of MySQL.
    public static MariaDbGtidState state(BaseDocument base) {
        return GtidSet.parse(base.source().gtid()) instanceof MariaDbGtidState position
                ? MariaDbGtidState.parse(base.source().gtidBinlogState()).union(position)
                : MariaDbGtidState.EMPTY;
    }

    /// From a place behind the base.
    ///
    /// @param earlier statements between the base and there
    public static FoldRequest behind(
            BaseDocument base, List<EarlierStatement> earlier, GtidSet place, FoldStop stop) {
        return new FoldRequest(
                tables(base), programs(base), earlier, place, stop, false, List.of());
    }

    /// @param isSurvey only the lanes are wanted
    static FoldRequest at(BaseDocument base, FoldStop stop, boolean isSurvey) {
        return new FoldRequest(
                tables(base), programs(base), List.of(), all(base), stop, isSurvey, List.of());
    }

    /// To the end of a log that goes on behind stored folds.
    static FoldRequest behindFolds(BaseDocument base, List<GtidSet> folds) {
        return new FoldRequest(
                tables(base),
                programs(base),
                List.of(),
                all(base),
                new FoldStop.AtEnd(),
                false,
                folds);
    }

    private static Map<TableName, TableDefinition> tables(BaseDocument base) {
        Map<TableName, TableDefinition> tables = new HashMap<>();
        base.tables().forEach(table -> tables.put(table.definition().name(), table.definition()));
        return tables;
    }

    private static List<StoredProgram> programs(BaseDocument base) {
        return base.programs().stream()
                .map(p -> new StoredProgram(p.kind(), p.schema(), p.name(), p.createSql()))
                .toList();
    }
}
